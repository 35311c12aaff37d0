import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTokens } from './tokens.ts'

const tokens = createTokens(randomBytes(32))
const session = { deviceId: 3n, accountId: 4n, network: -5n, isHouse: true, expiresAt: 1_800_000_000_000 }
const holder = { deviceId: 3n, accountId: 4n }
const claims = { expiresAt: 1_800_000_000_000, leases: [{ jobId: 1n, index: 2n ** 62n, replica: 7 }] }

const positive = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const anyClaims = fc.record({
  expiresAt: fc.nat(2 ** 31) as fc.Arbitrary<number>,
  leases: fc.array(fc.record({ jobId: positive, index: positive, replica: fc.nat(255) }), { maxLength: 64 }),
})

/** Changes one byte. */
function forge(bytes: Buffer, at: number, change: number): Buffer {
  const forged = Buffer.from(bytes)
  forged[at] = (forged[at] as number) ^ change
  return forged
}

describe('createTokens', () => {
  test('default: what was signed is read', () => {
    expect(tokens.openSession(tokens.signSession(session))).toEqual(session)
    expect(tokens.openGrant(tokens.signGrant({ ...holder, ...claims }), holder)).toEqual(claims)
    const nonce = randomBytes(16)
    expect(tokens.openChallenge(tokens.signChallenge({ nonce, expiresAt: 5 }))).toEqual({ nonce, expiresAt: 5 })
  })

  test('behavior: a grant carries any leases, also from inside a body', () => {
    fc.assert(
      fc.property(anyClaims, positive, positive, fc.nat(9), (claims, deviceId, accountId, offset) => {
        const grant = tokens.signGrant({ deviceId, accountId, ...claims })
        const body = new Uint8Array(Buffer.concat([randomBytes(offset), grant, randomBytes(3)]))
        const received = body.subarray(offset, offset + grant.length)
        expect(tokens.openGrant(received, { deviceId, accountId })).toEqual(claims)
      }),
    )
  })

  test('behavior: a session is read again as it was the first time', () => {
    const token = tokens.signSession(session)
    expect(tokens.openSession(token)).toEqual(tokens.openSession(token))
    expect(tokens.openSession(`${token}x`)).toBeUndefined()
    for (let deviceId = 0n; deviceId < 20_001n; deviceId++)
      tokens.openSession(tokens.signSession({ ...session, deviceId }))
    expect(tokens.openSession(token)).toEqual(session)
  })

  test('error: another server’s token', () => {
    const other = createTokens(randomBytes(32))
    expect(tokens.openSession(other.signSession(session))).toBeUndefined()
    expect(tokens.openGrant(other.signGrant({ ...holder, ...claims }), holder)).toBeUndefined()
  })

  test('error: another device’s grant, another account’s', () => {
    const grant = tokens.signGrant({ ...holder, ...claims })
    expect(tokens.openGrant(grant, { ...holder, deviceId: 4n })).toBeUndefined()
    expect(tokens.openGrant(grant, { ...holder, accountId: 3n })).toBeUndefined()
  })

  test('error: a token with any byte changed', () => {
    const grant = tokens.signGrant({ ...holder, ...claims })
    const token = Buffer.from(tokens.signSession(session), 'base64url')
    fc.assert(
      fc.property(fc.nat(grant.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        expect(tokens.openGrant(forge(grant, at, change), holder)).toBeUndefined()
        const forged = forge(token, at % token.length, change)
        expect(tokens.openSession(forged.toString('base64url'))).toBeUndefined()
      }),
    )
  })

  test('error: any bytes that are no grant', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(tokens.openGrant(bytes, holder)).toBeUndefined()
      }),
    )
    const grant = tokens.signGrant({ ...holder, ...claims })
    for (let length = 0; length < grant.length; length++)
      expect(tokens.openGrant(grant.subarray(0, length), holder)).toBeUndefined()
  })

  test('error: a token of one kind where another is wanted', () => {
    const grant = tokens.signGrant({ ...holder, ...claims })
    expect(tokens.openGrant(Buffer.from(tokens.signSession(session), 'base64url'), holder)).toBeUndefined()
    expect(tokens.openGrant(Buffer.from(tokens.signChallenge({ nonce: grant, expiresAt: 1 })), holder)).toBeUndefined()
    expect(tokens.openSession(grant.toString('base64url'))).toBeUndefined()
  })

  test('behavior: a grant does not show which replicas it is for', () => {
    const leases = Array.from({ length: 64 }, (_, at) => ({ jobId: 1n, index: BigInt(at), replica: 0 }))
    const shown = (grant: Buffer) => leases.map((_, place) => grant[16 + place * 17 + 16])
    const [first, second] = [0, 1].map(() => shown(tokens.signGrant({ ...holder, ...claims, leases })))
    expect(new Set(first).size).toBeGreaterThan(32)
    expect(second).not.toEqual(first)
  })

  test('behavior: a pseudonym tells nothing across receipts', () => {
    expect(tokens.pseudonym('1-1', 7n)).toBe(tokens.pseudonym('1-1', 7n))
    expect(tokens.pseudonym('1-1', 7n)).not.toBe(tokens.pseudonym('1-2', 7n))
  })
})

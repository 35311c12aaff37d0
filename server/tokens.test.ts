import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTokens } from './tokens.ts'

const tokens = createTokens(randomBytes(32))
const session = { deviceId: 3n, accountId: 4n, network: -5n, isHouse: true, expiresAt: 1_800_000_000_000 }
const lease = { jobId: 1n, index: 2n ** 62n, replica: 7, deviceId: 3n, accountId: 4n, expiresAt: 1_800_000_000_000 }

describe('createTokens', () => {
  test('default: what was signed is read', () => {
    expect(tokens.openSession(tokens.signSession(session))).toEqual(session)
    expect(tokens.openLease(tokens.signLease(lease))).toEqual(lease)
    const nonce = randomBytes(16)
    expect(tokens.openChallenge(tokens.signChallenge({ nonce, expiresAt: 5 }))).toEqual({ nonce, expiresAt: 5 })
  })

  test('error: another server’s token', () => {
    const other = createTokens(randomBytes(32))
    expect(tokens.openSession(other.signSession(session))).toBeUndefined()
    expect(tokens.openLease(other.signLease(lease))).toBeUndefined()
  })

  test('error: a token with any byte changed', () => {
    const token = Buffer.from(tokens.signLease(lease), 'base64url')
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const forged = Buffer.from(token)
        forged[at] = (forged[at] as number) ^ change
        expect(tokens.openLease(forged.toString('base64url'))).toBeUndefined()
      }),
    )
  })

  test('error: a token of one kind where another is wanted', () => {
    expect(tokens.openLease(tokens.signSession(session))).toBeUndefined()
    expect(tokens.openSession(tokens.signLease(lease))).toBeUndefined()
  })

  test('behavior: a lease does not show which replica it is for', () => {
    const last = (expiresAt: number) =>
      Buffer.from(tokens.signLease({ ...lease, replica: 0, expiresAt }), 'base64url')[40]
    expect(new Set(Array.from({ length: 64 }, (_, at) => last(lease.expiresAt + at))).size).toBeGreaterThan(16)
  })

  test('behavior: a pseudonym tells nothing across receipts', () => {
    expect(tokens.pseudonym('1-1', 7n)).toBe(tokens.pseudonym('1-1', 7n))
    expect(tokens.pseudonym('1-1', 7n)).not.toBe(tokens.pseudonym('1-2', 7n))
  })
})

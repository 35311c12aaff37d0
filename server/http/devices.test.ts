import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../../protocol/bytes.ts'
import { DeviceSession } from '../../protocol/devices.ts'
import { Problem } from '../../protocol/errors.ts'
import { loadSecret } from '../db/load-secret.ts'
import { generateKeys, post, registerDevice, signChallenge } from '../testing/device.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { createTokens } from '../tokens.ts'

const codeOf = async (response: Response) => ({
  status: response.status,
  code: Problem.parse(await response.json()).code,
})

describe('POST /api/devices', () => {
  test('default: a new key gets an account and a session of less than an hour', async () => {
    const server = await startTestServer()
    const { session } = await registerDevice(server.url)
    expect(Date.parse(session.expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000)
    expect(
      (await fetch(`${server.url}/api/account`, { headers: { authorization: `Bearer ${session.token}` } })).status,
    ).toBe(200)
  })

  test('behavior: a known key gets its own account again', async () => {
    const server = await startTestServer()
    const keys = await generateKeys()
    const [first, second] = [await registerDevice(server.url, keys), await registerDevice(server.url, keys)]
    expect(second.session.accountId).toBe(first.session.accountId)
    expect(second.session.deviceId).toBe(first.session.deviceId)
  })

  test('behavior: two first requests of one key at once make one device', async () => {
    const server = await startTestServer()
    const keys = await generateKeys()
    const sessions = await Promise.all(Array.from({ length: 8 }, () => registerDevice(server.url, keys)))
    expect(new Set(sessions.map(({ session }) => session.deviceId)).size).toBe(1)
  })

  test('error: a challenge is spent once', async () => {
    const server = await startTestServer()
    const signed = await signChallenge(server.url)
    DeviceSession.parse(await (await post(`${server.url}/api/devices`, signed)).json())
    expect(await codeOf(await post(`${server.url}/api/devices`, signed))).toEqual({
      status: 409,
      code: 'ChallengeSpentError',
    })
  })

  test('error: a signature that is not the key’s', async () => {
    const server = await startTestServer()
    const [mine, other] = [await signChallenge(server.url), await signChallenge(server.url)]
    const refusal = { status: 401, code: 'InvalidSignatureError' }
    for (const body of [
      { ...mine, publicKey: other.publicKey },
      { ...mine, challenge: other.challenge },
      { ...mine, signature: toBase64Url(randomBytes(64)) },
      { ...mine, publicKey: toBase64Url(new Uint8Array(65)) },
      { ...mine, challenge: 'made-up' },
    ])
      expect(await codeOf(await post(`${server.url}/api/devices`, body))).toEqual(refusal)
    const { rows } = await server.database.query('select from devices')
    expect(rows).toEqual([])
  })

  test('error: a challenge that is too old', async () => {
    const server = await startTestServer()
    const tokens = createTokens(await loadSecret(server.database, 'tokens'))
    const old = tokens.signChallenge({ nonce: randomBytes(16), expiresAt: Date.now() - 1 })
    const answer = await post(`${server.url}/api/devices`, { ...(await signChallenge(server.url)), challenge: old })
    expect(await codeOf(answer)).toEqual({ status: 401, code: 'InvalidSignatureError' })
  })

  test('error: a key or signature of the wrong length', async () => {
    const server = await startTestServer()
    const signed = await signChallenge(server.url)
    for (const body of [{ ...signed, publicKey: 'short' }, { ...signed, signature: `${signed.signature}A` }, {}])
      expect(await codeOf(await post(`${server.url}/api/devices`, body))).toEqual({
        status: 400,
        code: 'InvalidRequestError',
      })
  })
})

import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../protocol/bytes.ts'
import { Challenge, DeviceSession } from '../protocol/devices.ts'
import { Problem } from '../protocol/errors.ts'
import { solveWork } from '../protocol/hashcash.ts'
import { createNodeVolunteer } from '../workers/node/node-volunteer.ts'
import { generateKeys, post, registerDevice, signChallenge } from './testing/device.ts'
import { startTestServer, type TestServer } from './testing/start-test-server.ts'

const daySeconds = 24 * 3600

/** A server behind a proxy on its own machine, so that a test says from where each device comes. */
const startBehindProxy = () => startTestServer({ trustedProxies: ['loopback'] })

const registerFrom = async (server: TestServer, address: string, keys?: Parameters<typeof signChallenge>[1]) =>
  post(`${server.url}/api/devices`, await signChallenge(server.url, keys), { 'x-forwarded-for': address })

const registerMany = (server: TestServer, address: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => registerFrom(server, address)))

const countOf = (answers: readonly Response[], status: number) => answers.filter(one => one.status === status).length

async function accountOf(answer: Response): Promise<bigint> {
  return BigInt(DeviceSession.parse(await answer.json()).accountId)
}

const putRecord = (server: TestServer, accountId: bigint, passed: number, failedAt?: Date) =>
  server.database.query(
    `insert into records (account_id, kernel_digest, passed, strikes, failed_at) values ($1, '\\x00', $2, $3, $4)`,
    [accountId, passed, failedAt === undefined ? 0 : 1, failedAt],
  )

async function refusalOf(answer: Response): Promise<{ code: string; retryAfterSeconds: number }> {
  const { code } = Problem.parse(await answer.json())
  return { code, retryAfterSeconds: Number(answer.headers.get('retry-after')) }
}

describe('registering new devices of one network', () => {
  test('default: so many a day, also where they all come at once', async () => {
    const server = await startBehindProxy()
    const answers = await registerMany(server, '198.51.100.7', 40)
    expect([countOf(answers, 200), countOf(answers, 429)]).toEqual([32, 8])
    const { code, retryAfterSeconds } = await refusalOf(answers.find(({ status }) => status === 429) as Response)
    expect(code).toBe('TooManyRequestsError')
    expect(retryAfterSeconds).toBeGreaterThan(daySeconds - 120)
    expect(retryAfterSeconds).toBeLessThanOrEqual(daySeconds)
    expect((await server.database.query('select id from devices')).rows).toHaveLength(32)
  })

  test('behavior: two servers count together', async () => {
    const server = await startBehindProxy()
    const other = await startTestServer({ trustedProxies: ['loopback'], databaseUrl: server.databaseUrl })
    const answers = await Promise.all([
      registerMany(server, '198.51.100.7', 20),
      registerMany(other, '198.51.100.8', 20),
    ])
    expect(countOf(answers.flat(), 200)).toBe(32)
  })

  test('behavior: known devices, other networks and this machine go on', async () => {
    const server = await startBehindProxy()
    const keys = await generateKeys()
    const known = await accountOf(await registerFrom(server, '198.51.100.1', keys))
    await registerMany(server, '198.51.100.7', 31)
    expect((await registerFrom(server, '198.51.100.9')).status).toBe(429)
    expect(await accountOf(await registerFrom(server, '198.51.100.9', keys))).toBe(known)
    expect((await registerFrom(server, '203.0.113.9')).status).toBe(200)
    expect(countOf(await registerMany(server, '127.0.0.1', 33), 200)).toBe(33)
  })

  test('behavior: after a day there is room again', async () => {
    const server = await startBehindProxy()
    await registerMany(server, '198.51.100.7', 32)
    await server.database.query(`update devices set created_at = created_at - interval '1 day'`)
    expect((await registerFrom(server, '198.51.100.7')).status).toBe(200)
  })

  test('behavior: accounts that proved themselves take no place', async () => {
    const server = await startBehindProxy()
    const answers = await registerMany(server, '198.51.100.7', 32)
    await putRecord(server, await accountOf(answers[0] as Response), 10)
    expect(countOf(await registerMany(server, '198.51.100.7', 2), 200)).toBe(1)
  })

  test('behavior: two that were found wrong close a small network for three days', async () => {
    const server = await startBehindProxy()
    const answers = await registerMany(server, '198.51.100.7', 2)
    for (const answer of answers) await putRecord(server, await accountOf(answer), 0, new Date())
    const { retryAfterSeconds } = await refusalOf(await registerFrom(server, '198.51.100.7'))
    expect(retryAfterSeconds).toBeGreaterThan(3 * daySeconds - 120)
  })

  test('behavior: an address that a client claims to have changes nothing without a trusted proxy', async () => {
    const server = await startTestServer()
    await registerFrom(server, '198.51.100.7')
    const behind = await startBehindProxy()
    await registerFrom(behind, '198.51.100.7')
    const networkOf = async ({ database }: TestServer) =>
      (await database.query<{ network: bigint }>('select network from devices')).rows[0]?.network
    expect(await networkOf(server)).toBe(0n)
    expect(await networkOf(behind)).not.toBe(0n)
  })
})

describe('the work of a sign-up', () => {
  const refused = { status: 403, code: 'SignupWorkError' }
  const codeOf = async (answer: Response) => ({ status: answer.status, ...(await refusalOf(answer)) })

  test('default: a new device proves it on its challenge, a known one need not', async () => {
    const server = await startTestServer({ signupWorkBits: 6 })
    const keys = await generateKeys()
    const signed = await signChallenge(server.url, keys)
    const workNonce = await solveWork(signed.challenge, 6, new AbortController().signal)
    expect((await post(`${server.url}/api/devices`, { ...signed, workNonce })).status).toBe(200)
    await registerDevice(server.url, keys)
  })

  test('behavior: the challenge says how much, and nothing where nothing is owed', async () => {
    for (const [server, workBits] of [
      [await startTestServer({ signupWorkBits: 6 }), 6],
      [await startTestServer(), undefined],
    ] as const) {
      const answer = await fetch(`${server.url}/api/challenges`, { method: 'POST' })
      expect(Challenge.parse(await answer.json()).workBits).toBe(workBits)
    }
  })

  test('behavior: volunteers do it by themselves', async () => {
    const server = await startTestServer({ signupWorkBits: 6 })
    const volunteer = createNodeVolunteer({ serverUrl: server.url })
    await volunteer.sessionToken()
    volunteer.close()
    expect((await server.database.query('select id from devices')).rows).toHaveLength(1)
  })

  test('behavior: the operator’s own device owes none', async () => {
    const keys = await generateKeys()
    const housePublicKey = toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', keys.publicKey)))
    const server = await startTestServer({ signupWorkBits: 20, housePublicKey })
    await registerDevice(server.url, keys)
  })

  test('error: no work, or the work of another challenge', async () => {
    const server = await startTestServer({ signupWorkBits: 20 })
    const plain = await signChallenge(server.url)
    expect(await codeOf(await post(`${server.url}/api/devices`, plain))).toMatchObject(refused)
    const other = { ...(await signChallenge(server.url)), workNonce: 1 }
    expect(await codeOf(await post(`${server.url}/api/devices`, other))).toMatchObject(refused)
    expect((await server.database.query('select id from accounts')).rows).toEqual([])
  })
})

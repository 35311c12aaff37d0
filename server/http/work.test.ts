import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../../protocol/bytes.ts'
import { Problem } from '../../protocol/errors.ts'
import { type Lease, WorkResponse } from '../../protocol/work.ts'
import { loadSecret } from '../db/load-secret.ts'
import { finish, registerDevice, saying, type TestDevice } from '../testing/device.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { createTokens } from '../tokens.ts'

const ok = async (response: Response): Promise<WorkResponse> => {
  expect(response.status).toBe(200)
  return WorkResponse.parse(await response.json())
}

async function refused(response: Response, status: number, code: string): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const problem = Problem.parse(await response.json())
  expect({ status: response.status, code: problem.code }).toEqual({ status, code })
  expect(problem.status).toBe(status)
  return problem
}

const leaseOne = async (device: TestDevice): Promise<Lease> =>
  (await ok(await device.work({ lanes: 1 }))).leases[0] as Lease

const countResults = async ({ database }: TestServer): Promise<bigint> =>
  (await database.query<{ count: bigint }>('select count(*) from results')).rows[0]?.count ?? -1n

/** Judging follows the answer within milliseconds; a test waits for what it waits for, and no longer than it must. */
async function judged(server: TestServer, taskId: string): Promise<Record<string, unknown>> {
  const [jobId, index] = taskId.split('-')
  for (;;) {
    const { rows } = await server.database.query('select * from verdicts where job_id = $1 and index = $2', [
      jobId,
      index,
    ])
    if (rows[0] !== undefined) return rows[0]
  }
}

/** Accounts that have credit, sorted. */
const credited = async ({ database }: TestServer): Promise<string[]> => {
  const { rows } = await database.query<{ id: string }>('select account_id::text as id from credits')
  return rows.map(({ id }) => id).sort()
}

const accountsOf = (...devices: readonly (TestDevice | undefined)[]): string[] =>
  devices.map(device => `${device?.session.accountId}`).sort()

/** The secret that the server signs with, to make tokens that only time or holder is wrong with. */
const serverTokens = async ({ database }: TestServer) => createTokens(await loadSecret(database, 'tokens'))

describe('POST /api/work', () => {
  test('default: two devices agree, and both earn', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const lease = await leaseOne(ada)
    expect((await ok(await ada.work({ finished: [finish(lease.lease, saying(1))] }))).stored).toBe(1)
    const second = await leaseOne(bob)
    expect(second.taskId).toBe(lease.taskId)
    expect(second.input).toBe(lease.input)
    await ok(await bob.work({ finished: [finish(second.lease, saying(1))] }))
    expect(await judged(server, lease.taskId)).toMatchObject({ state: 'accepted' })
    expect(await credited(server)).toEqual(accountsOf(ada, bob))
  })

  test('behavior: seconds and lanes say how much comes', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    expect((await ok(await device.work({ lanes: 3 }))).leases).toHaveLength(3)
    const { leases } = await ok(await device.work({ seconds: 0.02, lanes: 1 }))
    expect(leases.map(lease => lease.credit)).toEqual(Array(10).fill(0.002))
    expect((await ok(await device.work({}))).leases).toEqual([])
  })

  test('behavior: both jobs get their share', async () => {
    const server = await startTestServer()
    const device = await registerDevice(server.url)
    const { leases } = await ok(await device.work({ seconds: 60, lanes: 1 }))
    expect(new Set(leases.map(({ kernelId }) => kernelId))).toEqual(new Set(['collatz-records', 'climate-ebm']))
  })

  test('behavior: the same request again gets the same answer', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const request = { requestId: randomUUID(), lanes: 2, finished: [finish(lease, saying(2))] }
    const first = await ok(await device.work(request))
    expect(await ok(await device.work(request))).toEqual(first)
    expect(await countResults(server)).toBe(1n)
  })

  test('behavior: the same report in another request is acknowledged, and counts once', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    expect((await ok(await device.work({ finished: [finish(lease, saying(2))] }))).stored).toBe(1)
    expect(
      (await ok(await device.work({ finished: [finish(lease, saying(3)), finish(lease, saying(4))] }))).stored,
    ).toBe(2)
    expect(await countResults(server)).toBe(1n)
    const { rows } = await server.database.query<{ output: Buffer }>('select output from results')
    expect(rows.map(({ output }) => new Uint8Array(output))).toEqual([saying(2)])
  })

  test('behavior: conflicting results ask for a third, which decides', async () => {
    const server = await startTestServer({ smallJobs: true })
    const devices = await Promise.all([1, 2, 3].map(() => registerDevice(server.url)))
    const said = [1, 2, 1]
    const taskIds = new Set<string>()
    for (const [at, device] of devices.entries()) {
      const lease = await leaseOne(device)
      taskIds.add(lease.taskId)
      await ok(await device.work({ finished: [finish(lease.lease, saying(said[at] as number))] }))
    }
    expect(taskIds.size).toBe(1)
    expect(await judged(server, [...taskIds][0] as string)).toMatchObject({ state: 'accepted' })
    expect(await credited(server)).toEqual(accountsOf(devices[0], devices[2]))
  })

  test('behavior: an account never gets a second replica of its own task', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const seen = new Set<string>()
    for (let round = 0; round < 20; round++) {
      const lease = await leaseOne(device)
      expect(seen.has(lease.taskId)).toBe(false)
      seen.add(lease.taskId)
      await ok(await device.work({ finished: [finish(lease.lease, saying(5))] }))
    }
  })

  test('behavior: the same failure on two accounts fails the task with its reason', async () => {
    const server = await startTestServer({ smallJobs: true })
    const devices = [await registerDevice(server.url), await registerDevice(server.url)]
    let taskId = ''
    for (const device of devices) {
      const lease = await leaseOne(device)
      taskId = lease.taskId
      await ok(
        await device.work({
          finished: [{ lease: lease.lease, elapsedMs: 1, outcome: { kind: 'failed', reason: 'trap: unreachable' } }],
        }),
      )
    }
    expect(await judged(server, taskId)).toMatchObject({ state: 'failed', reason: 'trap: unreachable' })
  })

  test('behavior: a result whose lease has expired since is still acknowledged when it is repeated', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const lease = await leaseOne(device)
    await ok(await device.work({ finished: [finish(lease.lease, saying(2))] }))
    const tokens = await serverTokens(server)
    const claims = tokens.openLease(lease.lease)
    if (claims === undefined) throw new Error('The lease is not ours.')
    const expired = tokens.signLease({ ...claims, expiresAt: Date.now() - 1 })
    expect((await ok(await device.work({ finished: [finish(expired, saying(2))] }))).stored).toBe(1)
  })

  test('behavior: what a dead server stored and never folded is judged by the next', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const { lease, taskId } = await leaseOne(ada)
    await ok(await ada.work({ finished: [finish(lease, saying(1))] }))
    await server.stop()
    const [jobId, index] = taskId.split('-')
    await server.database.query(
      `insert into results (job_id, index, replica, account_id, device_id, network, elapsed_ms, returned_at, digest, output)
       select job_id, index, 1, $3, $4, network, elapsed_ms, returned_at + interval '1 second', digest, output
       from results where job_id = $1 and index = $2`,
      [jobId, index, bob.session.accountId, bob.session.deviceId],
    )
    const next = await startTestServer({ databaseUrl: server.databaseUrl })
    expect(next.url).not.toBe(server.url)
    expect(await judged(server, taskId)).toMatchObject({ state: 'accepted' })
    expect(await credited(server)).toEqual(accountsOf(ada, bob))
  })

  test('behavior: a report to a server that does not hold the chunk reaches the one that does', async () => {
    const server = await startTestServer({ smallJobs: true })
    const other = await startTestServer({ databaseUrl: server.databaseUrl })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(other.url)]
    const lease = await leaseOne(ada)
    const throughOther = await fetch(`${other.url}/api/work`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.session.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        requestId: randomUUID(),
        seconds: 0,
        lanes: 0,
        finished: [finish(lease.lease, saying(1))],
      }),
    })
    expect((await ok(throughOther)).stored).toBe(1)
    const atFirst = (body: unknown) =>
      fetch(`${server.url}/api/work`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bob.session.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    for (;;) {
      const { leases } = await ok(await atFirst({ requestId: randomUUID(), seconds: 0, lanes: 1, finished: [] }))
      const second = leases.find(({ taskId }) => taskId === lease.taskId)
      if (second === undefined) continue
      await ok(
        await atFirst({ requestId: randomUUID(), seconds: 0, lanes: 0, finished: [finish(second.lease, saying(1))] }),
      )
      break
    }
    expect(await judged(server, lease.taskId)).toMatchObject({ state: 'accepted' })
  })

  test('error: no token, a token of nobody, an expired one', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const tokens = await serverTokens(server)
    const session = tokens.openSession(device.session.token)
    if (session === undefined) throw new Error('The session is not ours.')
    const send = (authorization?: string) =>
      fetch(`${server.url}/api/work`, { method: 'POST', ...(authorization && { headers: { authorization } }) })
    const missing = await send()
    expect(missing.headers.get('www-authenticate')).toBe('Bearer')
    expect((await refused(missing, 401, 'UnauthorizedError')).detail).toContain('missing')
    expect((await refused(await send('Bearer nonsense'), 401, 'UnauthorizedError')).detail).toContain('invalid')
    expect((await refused(await send('Basic abc'), 401, 'UnauthorizedError')).detail).toContain('invalid')
    const expired = tokens.signSession({ ...session, expiresAt: Date.now() - 1 })
    expect((await refused(await send(`Bearer ${expired}`), 401, 'UnauthorizedError')).detail).toContain('expired')
  })

  test('error: of two that hold a lease of one replica, the second to return is refused, and earns nothing', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const given = await leaseOne(ada)
    expect((await ada.request('POST', `/api/leases/${given.lease}/return`)).status).toBe(204)
    const again = await leaseOne(bob)
    expect(again.taskId).toBe(given.taskId)
    await ok(await bob.work({ finished: [finish(again.lease, saying(1))] }))
    const answer = await ada.work({ finished: [finish(given.lease, saying(1))] })
    expect((await refused(answer, 409, 'LeaseLostError')).leases).toEqual([given.lease])
    expect(await countResults(server)).toBe(1n)
    expect(await credited(server)).toEqual([])
  })

  test('error: an output that is none of the kernel counts as the code’s failure', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    await ok(await device.work({ finished: [finish(lease, new Uint8Array(3))] }))
    const { rows } = await server.database.query('select failure, digest from results')
    expect(rows).toEqual([{ failure: 'The output is not one of this kernel.', digest: null }])
  })

  test.each([
    ['a failure with a NUL', { kind: 'failed', reason: 'trap\u0000' }],
    ['a failure of many lines', { kind: 'failed', reason: 'trap\ntrap' }],
    ['a failure that is half a character', { kind: 'failed', reason: '\ud800' }],
    ['an output of three quarters of a byte', { kind: 'output', output: 'A' }],
    ['an output in another alphabet', { kind: 'output', output: '++//' }],
  ])('error: %s', async (_, outcome) => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const report = { requestId: randomUUID(), seconds: 0, lanes: 0, finished: [{ lease, elapsedMs: 1, outcome }] }
    await refused(await device.request('POST', '/api/work', report), 400, 'InvalidRequestError')
    expect(await countResults(server)).toBe(0n)
  })

  test('error: a forged lease takes the whole report with it, and says which it is', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const forged = toBase64Url(new Uint8Array(57))
    const answer = await device.work({ finished: [finish(lease, saying(2)), finish(forged, saying(2))] })
    expect((await refused(answer, 403, 'ForgedLeaseError')).leases).toEqual([forged])
    expect(await countResults(server)).toBe(0n)
  })

  test('error: another device’s lease', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const { lease } = await leaseOne(ada)
    await refused(await bob.work({ finished: [finish(lease, saying(6))] }), 403, 'ForgedLeaseError')
    expect(await countResults(server)).toBe(0n)
  })

  test('error: a lease that is over', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const tokens = await serverTokens(server)
    const claims = tokens.openLease(lease)
    if (claims === undefined) throw new Error('The lease is not ours.')
    const expired = tokens.signLease({ ...claims, expiresAt: Date.now() - 1 })
    const answer = await device.work({ finished: [finish(expired, saying(7))] })
    expect((await refused(answer, 409, 'LeaseLostError')).leases).toEqual([expired])
    expect(await countResults(server)).toBe(0n)
  })

  test('error: an output over the cap', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const answer = await device.work({ finished: [finish(lease, new Uint8Array((1 << 20) + 1))] })
    expect((await refused(answer, 413, 'OutputTooLargeError')).leases).toEqual([lease])
    expect(await countResults(server)).toBe(0n)
  })

  test('error: a body over the cap', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const answer = await device.request('POST', '/api/work', { padding: 'x'.repeat(9 << 20) })
    await refused(answer, 413, 'PayloadTooLargeError')
  })

  test.each([
    ['no JSON', '{"requestId":'],
    ['no object', '7'],
    ['nothing', ''],
    ['a negative wish', '{"requestId":"5f0c3f0e-5d5c-4d8a-8a43-0f7b2a9b6a11","seconds":-1,"lanes":1,"finished":[]}'],
    ['too many lanes', '{"requestId":"5f0c3f0e-5d5c-4d8a-8a43-0f7b2a9b6a11","seconds":1,"lanes":1e9,"finished":[]}'],
    ['no list', '{"requestId":"5f0c3f0e-5d5c-4d8a-8a43-0f7b2a9b6a11","seconds":1,"lanes":1,"finished":{}}'],
  ])('error: %s', async (_, body) => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const answer = await fetch(`${server.url}/api/work`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.session.token}`, 'content-type': 'application/json' },
      body,
    })
    const problem = await refused(answer, 400, 'InvalidRequestError')
    expect(problem.detail.length).toBeGreaterThan(5)
  })
})

describe('POST /api/leases/:id/return', () => {
  test('default: the task is at once free for another', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const lease = await leaseOne(ada)
    expect((await ada.request('POST', `/api/leases/${lease.lease}/return`)).status).toBe(204)
    expect((await leaseOne(bob)).taskId).toBe(lease.taskId)
  })

  test('error: another device’s lease', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const { lease } = await leaseOne(ada)
    await refused(await bob.request('POST', `/api/leases/${lease}/return`), 403, 'ForgedLeaseError')
    await refused(await bob.request('POST', '/api/leases/x/return'), 400, 'InvalidRequestError')
  })
})

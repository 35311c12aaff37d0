import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { joinLeaseToken, leaseToken, splitLeaseToken } from '../../protocol/lease-token.ts'
import type { WorkRequest } from '../../protocol/work.ts'
import { encodeWorkRequest } from '../../protocol/work-codec.ts'
import { finish, registerDevice, saying } from '../testing/device.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { credited, establish, expire, leaseOne, ok, refused, serverTokens, votesOf } from '../testing/wire.ts'

const nothingWanted = (changes: Partial<WorkRequest> = {}): Uint8Array<ArrayBuffer> =>
  encodeWorkRequest({ requestId: randomUUID(), seconds: 0, lanes: 0, finished: [], ...changes })

describe('what POST /api/work refuses', () => {
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
    expect((await ada.request('POST', '/api/leases/return', { leases: [given.lease] })).status).toBe(204)
    const again = await leaseOne(bob)
    expect(again.taskId).toBe(given.taskId)
    await ok(await bob.work({ finished: [finish(again.lease, saying(1))] }))
    const answer = await ada.work({ finished: [finish(given.lease, saying(1))] })
    expect((await refused(answer, 409, 'LeaseLostError')).leases).toEqual([given.lease])
    expect(await votesOf(server)).toHaveLength(1)
    expect(await credited(server)).toEqual([])
  })

  test('error: an output that is none of the kernel counts as the code’s failure', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    await ok(await device.work({ finished: [finish(lease, new Uint8Array(3))] }))
    expect((await votesOf(server)).map(({ said }) => said)).toEqual([
      { kind: 'failed', reason: 'The output is not one of this kernel.' },
    ])
  })

  test.each([
    ['a failure with a NUL', 'trap\u0000'],
    ['a failure of many lines', 'trap\ntrap'],
    ['a failure without words', ''],
    ['a failure of too many', 'x'.repeat(501)],
  ])('error: %s', async (_, reason) => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const answer = await device.work({ finished: [{ lease, elapsedMs: 1, outcome: { kind: 'failed', reason } }] })
    const problem = await refused(answer, 400, 'InvalidRequestError')
    expect(problem.issues?.map(({ path }) => path)).toEqual(['finished.outcome.reason'])
    expect(await votesOf(server)).toHaveLength(0)
  })

  test('error: a forged lease takes the whole report with it, and says which it is', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const forged = leaseToken(new Uint8Array(49), 0)
    const answer = await device.work({ finished: [finish(lease, saying(2)), finish(forged, saying(2))] })
    expect((await refused(answer, 403, 'ForgedLeaseError')).leases).toEqual([forged])
    expect(await votesOf(server)).toHaveLength(0)
  })

  test('error: a place that the grant does not have', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const beside = joinLeaseToken(splitLeaseToken((await leaseOne(device)).lease).grant, 1)
    const answer = await device.work({ finished: [finish(beside, saying(2))] })
    expect((await refused(answer, 403, 'ForgedLeaseError')).leases).toEqual([beside])
  })

  test('error: another device’s lease', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const { lease } = await leaseOne(ada)
    await refused(await bob.work({ finished: [finish(lease, saying(6))] }), 403, 'ForgedLeaseError')
    expect(await votesOf(server)).toHaveLength(0)
  })

  test('error: a lease that is over', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const expired = await expire(server, device, lease)
    const answer = await device.work({ finished: [finish(expired, saying(7))] })
    expect((await refused(answer, 409, 'LeaseLostError')).leases).toEqual([expired])
    expect(await votesOf(server)).toHaveLength(0)
  })

  test('error: an output over the cap', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    const answer = await device.work({ finished: [finish(lease, new Uint8Array((1 << 20) + 1))] })
    expect((await refused(answer, 413, 'OutputTooLargeError')).leases).toEqual([lease])
    expect(await votesOf(server)).toHaveLength(0)
  })

  test('error: a body over the cap', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const body = new Uint8Array(9 << 20)
    await refused(await device.workBytes(body), 413, 'PayloadTooLargeError')
    await refused(await device.workBytes(new Blob([body]).stream()), 413, 'PayloadTooLargeError')
    // The device is not cut off: what it says next is heard.
    await leaseOne(device)
  })

  test.each([
    ['JSON', '{"requestId":"5f0c3f0e-5d5c-4d8a-8a43-0f7b2a9b6a11"}', 'version'],
    ['nothing', '', 'version'],
    ['a version to come', new Uint8Array([2]), 'version'],
    ['half a request', nothingWanted().slice(0, 20), 'seconds'],
    ['a negative wish', nothingWanted({ seconds: -1 }), 'seconds'],
    ['a wish without end', nothingWanted({ seconds: Number.POSITIVE_INFINITY }), 'seconds'],
    ['too many lanes', nothingWanted({ lanes: 65 }), 'lanes'],
    ['more than a request', new Uint8Array([...nothingWanted(), 0]), 'end'],
  ])('error: %s', async (_, body, path) => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const problem = await refused(await device.workBytes(body), 400, 'InvalidRequestError')
    expect(problem.issues?.map(issue => issue.path)).toEqual([path])
    expect(problem.detail).toMatch(/expected .*, at byte \d+/)
  })

  test('behavior: a refusal says here what it says everywhere', async () => {
    const server = await startTestServer({ smallJobs: true })
    const here = await fetch(`${server.url}/api/work`, { method: 'POST' })
    const elsewhere = await fetch(`${server.url}/api/leases/return`, { method: 'POST' })
    const told = ({ headers }: Response) =>
      Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id').filter(([name]) => name !== 'date'))
    expect(told(here)).toEqual(told(elsewhere))
    expect(await here.json()).toEqual(await elsewhere.json())
    const page = await fetch(server.url)
    const policy = page.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    const device = await registerDevice(server.url)
    expect((await device.work({})).headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('POST /api/leases/return', () => {
  test('default: the tasks are at once free for another', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const given = [...(await ok(await ada.work({ lanes: 3 }))).leases, await leaseOne(ada)]
    const leases = given.map(({ lease }) => lease)
    expect((await ada.request('POST', '/api/leases/return', { leases })).status).toBe(204)
    const again = (await ok(await bob.work({ lanes: 4 }))).leases
    expect(again.map(({ taskId }) => taskId).sort()).toEqual(given.map(({ taskId }) => taskId).sort())
  })

  test('behavior: as many as one answer may hold', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    await establish(server, device)
    const leases = (await ok(await device.work({ lanes: 64 }))).leases.map(({ lease }) => lease)
    expect(leases).toHaveLength(64)
    expect((await device.request('POST', '/api/leases/return', { leases })).status).toBe(204)
  })

  test('error: another device’s lease', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const { lease } = await leaseOne(ada)
    const answer = await bob.request('POST', '/api/leases/return', { leases: [lease] })
    expect((await refused(answer, 403, 'ForgedLeaseError')).leases).toEqual([lease])
  })

  test.each([
    ['no lease', { leases: ['x'] }],
    ['no list', {}],
    ['too many', { leases: Array(65).fill(leaseToken(new Uint8Array(49), 0)) }],
  ])('error: %s', async (_, body) => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    await refused(await device.request('POST', '/api/leases/return', body), 400, 'InvalidRequestError')
  })
})

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../../protocol/bytes.ts'
import { finish, registerDevice, saying } from '../testing/device.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { countResults, credited, expire, leaseOne, ok, refused, serverTokens } from '../testing/wire.ts'

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
    const expired = await expire(server, lease)
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
    const { status } = await fetch(`${server.url}/api/work`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.session.token}`, 'content-type': 'application/json' },
      // A stream has no length that could be looked at before it comes.
      body: new Blob(['x'.repeat(9 << 20)]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(status).toBe(413)
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

import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { splitLeaseToken } from '../../protocol/lease-token.ts'
import type { Lease } from '../../protocol/work.ts'
import { encodeWorkRequest } from '../../protocol/work-codec.ts'
import { encodeBlock } from '../db/entry-codec.ts'
import { quotas } from '../domain/quotas.ts'
import { finish, registerDevice, saying } from '../testing/device.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { accountsOf, credited, establish, expire, judged, leaseOne, ok, votesOf } from '../testing/wire.ts'

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
    const { leases } = await ok(await device.work({ seconds: 0.01, lanes: 1 }))
    expect(leases.map(lease => lease.credit)).toEqual(Array(5).fill(0.002))
    expect((await ok(await device.work({}))).leases).toEqual([])
  })

  test('behavior: a device that returns nothing is soon given nothing', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    await establish(server, device)
    let held = 0
    for (let request = 0; request < 10; request++) held += (await ok(await device.work({ lanes: 64 }))).leases.length
    expect(held).toBe(quotas.openLeases)
  })

  test('behavior: the leases of an answer share one grant, and may come back in any order and company', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const leases: Lease[] = []
    for (let request = 0; request < 3; request++) leases.push(...(await ok(await device.work({ lanes: 3 }))).leases)
    expect(new Set(leases.map(({ lease }) => splitLeaseToken(lease).grant)).size).toBe(3)
    const shuffled = [4, 0, 8, 2, 6].map(at => finish(leases[at]?.lease as string, saying(1)))
    expect((await ok(await device.work({ finished: shuffled }))).stored).toBe(5)
    expect(await votesOf(server)).toHaveLength(5)
  })

  test('behavior: another spelling of the path gets the same answer', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const body = encodeWorkRequest({ requestId: randomUUID(), seconds: 0, lanes: 2, finished: [] })
    const send = (query: string) =>
      fetch(`${server.url}/api/work${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${device.session.token}` },
        body,
      })
    expect(await ok(await send('?again'))).toEqual(await ok(await send('')))
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
    expect(await votesOf(server)).toHaveLength(1)
  })

  test('behavior: the same report in another request is acknowledged, and counts once', async () => {
    const server = await startTestServer({ smallJobs: true })
    const device = await registerDevice(server.url)
    const { lease } = await leaseOne(device)
    expect((await ok(await device.work({ finished: [finish(lease, saying(2))] }))).stored).toBe(1)
    expect(
      (await ok(await device.work({ finished: [finish(lease, saying(3)), finish(lease, saying(4))] }))).stored,
    ).toBe(2)
    expect((await votesOf(server)).map(({ said }) => said)).toMatchObject([
      { kind: 'output', output: Buffer.from(saying(2)) },
    ])
  })

  test('behavior: where two newcomers differ, somebody established decides', async () => {
    const server = await startTestServer({ smallJobs: true })
    const devices = await Promise.all([1, 2, 3].map(() => registerDevice(server.url)))
    await establish(server, devices[2])
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

  test('behavior: a newcomer gets little at once, until it has a record', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [newcomer, known] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, known)
    expect((await ok(await newcomer.work({ lanes: 64 }))).leases).toHaveLength(8)
    expect((await ok(await known.work({ lanes: 64 }))).leases).toHaveLength(64)
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
    const expired = await expire(server, device, lease.lease)
    expect((await ok(await device.work({ finished: [finish(expired, saying(2))] }))).stored).toBe(1)
  })

  test('behavior: what a dead server stored and never folded is judged by the next', async () => {
    const server = await startTestServer({ smallJobs: true })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const { lease, taskId } = await leaseOne(ada)
    await ok(await ada.work({ finished: [finish(lease, saying(1))] }))
    await server.stop()
    const [vote] = await votesOf(server)
    if (vote === undefined) throw new Error('Nothing is stored.')
    const report = { ...vote.report, accountId: BigInt(bob.session.accountId), deviceId: BigInt(bob.session.deviceId) }
    await server.database.query(
      'insert into log (job_id, lo, seq, entries) select job_id, lo, max(seq) + 1, $1 from log group by job_id, lo',
      [encodeBlock(report, [{ ...vote, report, replica: 1 }])],
    )
    const next = await startTestServer({ databaseUrl: server.databaseUrl })
    expect(next.url).not.toBe(server.url)
    expect(await judged(next, taskId)).toMatchObject({ state: 'accepted' })
    expect(await credited(server)).toEqual(accountsOf(ada, bob))
  })

  test('behavior: a report to a server that does not hold the chunk reaches the one that does', async () => {
    const server = await startTestServer({ smallJobs: true })
    const other = await startTestServer({ databaseUrl: server.databaseUrl })
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(other.url)]
    const lease = await leaseOne(ada)
    const throughOther = await ada.work({ finished: [finish(lease.lease, saying(1))] }, other.url)
    expect((await ok(throughOther)).stored).toBe(1)
    for (;;) {
      const { leases } = await ok(await bob.work({ lanes: 1 }, server.url))
      const second = leases.find(({ taskId }) => taskId === lease.taskId)
      if (second === undefined) continue
      await ok(await bob.work({ finished: [finish(second.lease, saying(1))] }, server.url))
      break
    }
    expect(await judged(server, lease.taskId)).toMatchObject({ state: 'accepted' })
  })
})

import { describe, expect, test, vi } from 'vitest'
import type { Lease } from '../../protocol/work.ts'
import { finish, saying } from '../testing/device.ts'
import { acknowledgedToHands, exchange, type HandWorker, registerWorker, signAgain } from '../testing/hand-work.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { establish, refused } from '../testing/wire.ts'

const patience = { timeout: 20_000, interval: 50 }
const hour = 3_600_000

/** A server whose clock is the test's, and devices that it believes. */
async function startOnClock(workers: number) {
  const clock = { ahead: 0 }
  const server = await startTestServer({ smallJobs: { chunkSize: 256 }, now: () => Date.now() + clock.ahead })
  const all: HandWorker[] = []
  for (let worker = 0; worker < workers; worker++) all.push(await registerWorker(server.url))
  await establish(server, ...all.map(({ device }) => device))
  return { clock, server, all }
}

const takenFrom = (from: readonly Lease[], leases: readonly Lease[]) => {
  const taskIds = new Set(from.map(({ taskId }) => taskId))
  return leases.filter(({ taskId }) => taskIds.has(taskId))
}

/** When the claim that ends first does, by the clock of the database. */
const claimedUntil = async ({ database }: TestServer): Promise<number> => {
  const { rows } = await database.query<{ until: Date }>(
    'select min(claimed_until) as until from chunks where sealed_at is null',
  )
  return (rows[0] as { until: Date }).until.getTime()
}

/** The server still holds its chunks, and goes on to. */
async function expectRenewed(server: TestServer): Promise<void> {
  const before = await claimedUntil(server)
  await vi.waitFor(async () => expect(await claimedUntil(server)).toBeGreaterThan(before), patience)
  const { rows } = await server.database.query('select 1 from chunks where owner is null and sealed_at is null')
  expect(rows).toEqual([])
}

describe('a clock that is moved', () => {
  test('default: an hour forward ends the leases, and no claim', async () => {
    const { clock, server, all } = await startOnClock(2)
    const [slow, quick] = all as [HandWorker, HandWorker]
    const kept = await exchange(slow, [])
    expect(kept).toHaveLength(64)
    expect(takenFrom(kept, await exchange(quick, []))).toEqual([])
    clock.ahead = hour
    await signAgain(slow, server.url)
    await signAgain(quick, server.url)
    let again: readonly Lease[] = []
    await vi.waitFor(async () => {
      const leases = await exchange(quick, [], { lanes: 16 })
      again = [...again, ...takenFrom(kept, leases)]
      expect(again.length).toBeGreaterThanOrEqual(64)
    }, patience)
    await exchange(quick, again, { lanes: 0 })
    const finished = kept.map(({ lease }) => finish(lease, saying(1)))
    const problem = await refused(await slow.device.work({ finished }), 409, 'LeaseLostError')
    expect(problem.leases?.length).toBeGreaterThan(0)
    await expectRenewed(server)
    await invariantsHold(server.database, acknowledgedToHands(all))
  })

  test('behavior: an hour back ends no lease and no claim, and results count', async () => {
    const { clock, server, all } = await startOnClock(3)
    const [slow, quick, third] = all as [HandWorker, HandWorker, HandWorker]
    const kept = await exchange(slow, [])
    clock.ahead = -hour
    await expectRenewed(server)
    expect(takenFrom(kept, await exchange(quick, []))).toEqual([])
    await exchange(slow, kept, { lanes: 0 })
    // Their second opinions are asked for, given, and paid for.
    let seconds: readonly Lease[] = []
    await vi.waitFor(async () => {
      seconds = [...seconds, ...takenFrom(kept, await exchange(third, [], { lanes: 64 }))]
      expect(seconds).toHaveLength(64)
    }, patience)
    await exchange(third, seconds, { lanes: 0 })
    clock.ahead = 0
    await invariantsHold(server.database, acknowledgedToHands(all))
    const { rows } = await server.database.query('select sum(accepted)::int as accepted from contributions')
    expect(rows).toEqual([{ accepted: 128 }])
  })
  test('behavior: after an hour back, what other servers found out of a device is still read', async () => {
    const { clock, server, all } = await startOnClock(1)
    const [liar] = all as [HandWorker]
    expect(await exchange(liar, [], { lanes: 1 })).toHaveLength(1)
    clock.ahead = -hour
    await server.database.query('update records set passed = 0, strikes = 1, failed_at = $1', [
      new Date(Date.now() + clock.ahead),
    ])
    expect(await exchange(liar, [], { lanes: 1 })).toEqual([])
  })
})

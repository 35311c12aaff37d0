import { describe, expect, test, vi } from 'vitest'
import type { Lease } from '../../protocol/work.ts'
import type { Database } from '../db/database.ts'
import { quotas } from '../domain/quotas.ts'
import {
  acknowledgedToHands,
  exchange,
  type HandWorker,
  registerWorker,
  signAgain,
  workUntil,
} from '../testing/hand-work.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { establish, ok } from '../testing/wire.ts'

const wrongResults = 10_000
const dayMs = 24 * 3_600_000
const patience = { timeout: 20_000, interval: 50 }

/** As many leases as one device may hold. */
async function takeAll(worker: HandWorker): Promise<readonly Lease[]> {
  const all: Lease[] = []
  await vi.waitFor(async () => {
    for (let more = await exchange(worker, []); more.length > 0; more = await exchange(worker, [])) all.push(...more)
    expect(all).toHaveLength(quotas.openLeases)
  }, patience)
  return all
}

async function booksOf(database: Database, { device }: HandWorker) {
  const { rows } = await database.query<{ accepted: number; rejected: number; earned: bigint; forfeited: bigint }>(
    `select coalesce(sum(accepted), 0)::int as accepted, coalesce(sum(rejected), 0)::int as rejected,
       coalesce(sum(micro_credits), 0)::bigint as earned, coalesce(sum(forfeited), 0)::bigint as forfeited
     from contributions where account_id = $1`,
    [device.session.accountId],
  )
  return rows[0] as { accepted: number; rejected: number; earned: bigint; forfeited: bigint }
}

describe('a device that lies', () => {
  test('default: none of ten thousand wrong results is accepted, it loses what it earned, and nobody else does', {
    timeout: 120_000,
  }, async () => {
    const clock = { ahead: 0 }
    const server = await startTestServer({
      smallJobs: { chunkSize: 256 },
      isLocal: false,
      now: () => Date.now() + clock.ahead,
    })
    const { url, database } = server
    // Where a probe comes out differently, four must agree before anybody is blamed.
    const [liar, ...honest] = await Promise.all([1, 2, 3, 4, 5, 6].map(() => registerWorker(url)))
    if (liar === undefined) throw new Error('There is no liar.')
    await establish(server, ...[liar, ...honest].map(({ device }) => device))

    // At first it does as all do, and earns.
    const earning = await exchange(liar, [])
    await exchange(liar, earning, { lanes: 0 })
    const hasEarned = async () => (await booksOf(database, liar)).accepted === earning.length
    await Promise.all(honest.map(worker => workUntil(worker, hasEarned)))
    expect(await booksOf(database, liar)).toMatchObject({ rejected: 0, forfeited: 0n })

    let wrong = 0
    while (wrong < wrongResults) {
      const leases = await takeAll(liar)
      for (let at = 0; at < leases.length; at += 64)
        await exchange(liar, leases.slice(at, at + 64), { steps: 2, lanes: 0 })
      wrong += leases.length
      const isFound = async () => (await booksOf(database, liar)).rejected === wrong
      await Promise.all(honest.map(worker => workUntil(worker, isFound)))
      const paused = await ok(await liar.device.work({ lanes: 1 }))
      expect(paused.leases).toEqual([])
      expect(paused.retryAfterSeconds).toBeGreaterThan(60)
      clock.ahead += dayMs + 60_000
      await Promise.all([liar, ...honest].map(worker => signAgain(worker, url)))
    }

    const { accepted, rejected, earned, forfeited } = await booksOf(database, liar)
    expect({ accepted, rejected }).toEqual({ accepted: earning.length, rejected: wrong })
    expect(earned).toBeGreaterThan(0n)
    expect(forfeited).toBe(earned)
    const { rows: records } = await database.query<{ passed: number; strikes: number }>(
      'select passed, strikes from records where account_id = $1',
      [liar.device.session.accountId],
    )
    expect(records).toEqual([{ passed: 0, strikes: wrong }])
    for (const worker of honest) {
      expect(await booksOf(database, worker)).toMatchObject({ rejected: 0, forfeited: 0n })
      expect((await booksOf(database, worker)).accepted).toBeGreaterThan(wrong / honest.length)
    }
    await invariantsHold(database, acknowledgedToHands([liar, ...honest]))
  })
})

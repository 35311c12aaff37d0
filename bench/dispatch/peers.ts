import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../server/db/database.ts'
import type { PeerSettings } from '../peers/peer.ts'
import type { PeerOrder } from '../peers/worker.ts'
import type { BenchPostgres } from './bench-postgres.ts'
import { cpuSeconds } from './cpu-seconds.ts'
import { createEmptyDatabase } from './create-database.ts'

export interface MeasuredPeer {
  readonly name: string
  readonly peer: PeerOrder['peer']
  readonly settings: PeerSettings
  /** Jobs in its queue at the start: more than it does in the time. */
  readonly jobs: number
}

/**
 * The best that was found for each on two cores by trying 2 to 500 jobs at once, as many connections up to 50, and
 * batches of 200 to 5000.
 */
export const measuredPeers: readonly MeasuredPeer[] = [
  {
    name: 'graphile-worker',
    peer: 'graphile-worker',
    settings: { concurrency: 24, connections: 25, batch: 1 },
    jobs: 80_000,
  },
  {
    name: 'graphile-worker-batch',
    peer: 'graphile-worker',
    settings: { concurrency: 100, connections: 25, batch: 1000 },
    jobs: 600_000,
  },
  { name: 'pg-boss', peer: 'pg-boss', settings: { concurrency: 24, connections: 25, batch: 1 }, jobs: 80_000 },
  { name: 'pg-boss-batch', peer: 'pg-boss', settings: { concurrency: 2, connections: 2, batch: 1000 }, jobs: 600_000 },
]

const doneSql: Readonly<Record<PeerOrder['peer'], string>> = {
  'graphile-worker': 'select $1::bigint - count(*) as done from graphile_worker.jobs',
  'pg-boss': `select $1::bigint - count(*) as done from pgboss.job where state <> 'completed'`,
}

/** Counting is work for PostgreSQL too. */
const lookEveryMs = 2500

export interface PeerMeasurement {
  /** Jobs whose end is committed. */
  readonly jobsPerSecond: number
  readonly cores: { readonly worker: number; readonly postgres: number }
}

/**
 * Measures one peer on a database of its own on the same PostgreSQL, with the same durability: jobs that are there from
 * the start and do nothing, taken and done by one process. This favours the peer: Tidemill's figures count each task
 * twice over HTTP, with leases made and checked, results stored and judged.
 */
export async function measurePeer(
  postgres: BenchPostgres,
  { peer, settings, jobs }: MeasuredPeer,
  { warmUpSeconds, seconds }: { warmUpSeconds: number; seconds: number },
): Promise<PeerMeasurement> {
  const databaseUrl = await createEmptyDatabase(postgres, 'peer')
  const database = openDatabase(databaseUrl)
  // In a process of its own: this one reads 64-bit columns in its own way, and would do so for the peer.
  const order: PeerOrder = { peer, databaseUrl, jobs, settings }
  const worker = fork(new URL('../peers/worker.ts', import.meta.url), [JSON.stringify(order)])
  const ended = Promise.withResolvers<void>()
  worker.once('exit', code => (code === 0 ? ended.resolve() : ended.reject(new Error(`${peer} ended with ${code}.`))))
  const look = async () => ({
    at: performance.now() / 1000,
    done: Number((await database.query<{ done: bigint }>(doneSql[peer], [jobs])).rows[0]?.done),
    worker: cpuSeconds(worker.pid ?? 0),
    postgres: cpuSeconds(postgres.pid),
  })
  try {
    await Promise.race([once(worker, 'message'), ended.promise])
    await database.query('vacuum analyze')
    await database.query('checkpoint')
    worker.send('start')
    await Promise.race([once(worker, 'message'), ended.promise])
    await sleep(warmUpSeconds * 1000)
    const before = await look()
    let after = before
    while (after.at - before.at < seconds) {
      await sleep(lookEveryMs)
      const latest = await look()
      // A queue that has run dry says nothing about speed.
      if (latest.done === jobs) break
      after = latest
    }
    if (after === before) throw new Error(`${peer} needs more than ${jobs} jobs to be measured with.`)
    worker.send('stop')
    await ended.promise
    const perSecond = (of: (state: typeof before) => number) => (of(after) - of(before)) / (after.at - before.at)
    return {
      jobsPerSecond: Math.round(perSecond(({ done }) => done)),
      cores: { worker: perSecond(state => state.worker), postgres: perSecond(state => state.postgres) },
    }
  } finally {
    worker.kill()
    await database.close()
  }
}

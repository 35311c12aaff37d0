import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../server/db/database.ts'
import type { BenchPostgres } from './bench-postgres.ts'
import { addJobs, type BenchJobs, createServerDatabase } from './create-database.ts'
import { describeMeasurement } from './describe.ts'
import { countAccepted, openStand, startServer } from './measure.ts'

/*
 * Does the speed follow what exists? It should follow the work in flight alone.
 *
 * - size of a job: one of 10^9 tasks; thirty of 10^9 at once; thirty of 10^4 at once, and another for each that is done.
 *   A job of 10^4 tasks is over within a second, so the second row tells what many jobs cost, and the third beside it
 *   what small ones cost
 * - history: the same job with nothing and with so many finished tasks behind it. The history is made by the server
 *   itself, at full load; then servers and devices start anew
 */
const largeJob = { tasksPerJob: 1_000_000_000n, chunkSize: 32_768 }
const smallJob = { tasksPerJob: 10_000n, chunkSize: 10_000 }
const jobsAtOnce = 30
const replenishEveryMs = 500

export interface FlatnessOptions {
  readonly devices: number
  /** Results a report. */
  readonly sizes: readonly number[]
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Tasks finished before the last row. */
  readonly history: number
}

/** Accepted results per second, by results a report. */
type Row = Record<string, number>

export interface Flatness {
  readonly oneLargeJob: Row
  readonly manyLargeJobs: Row
  readonly manySmallJobs: Row
  readonly withHistory: Row
  /** Tasks behind the last row, what they take in the database, and how long a server takes to start on them. */
  readonly history: { readonly tasks: number; readonly databaseBytes: number; readonly startMs: number }
}

export async function measureFlatness(postgres: BenchPostgres, options: FlatnessOptions): Promise<Flatness> {
  async function measureRow(name: string, jobs: BenchJobs, during?: typeof replenish): Promise<Row> {
    const row: Row = {}
    for (const size of options.sizes) {
      const { url, database } = await createServerDatabase(postgres, jobs)
      const done = new AbortController()
      const meanwhile = during?.(database, jobs, done.signal)
      row[size] = await measureOnce(postgres, options, { name, databaseUrl: url, database, size })
      done.abort()
      await meanwhile
      await database.close()
    }
    return row
  }

  const oneLargeJob = await measureRow('one job of 10^9', { jobs: 1, ...largeJob })
  const manyLargeJobs = await measureRow(`${jobsAtOnce} jobs of 10^9`, { jobs: jobsAtOnce, ...largeJob })
  const manySmallJobs = await measureRow(`${jobsAtOnce} jobs of 10^4`, { jobs: jobsAtOnce, ...smallJob }, replenish)

  const { url, database } = await createServerDatabase(postgres, { jobs: 1, ...largeJob })
  const history = await makeHistory(postgres, options, url, database)
  const withHistory: Row = {}
  for (const size of options.sizes)
    withHistory[size] = await measureOnce(postgres, options, {
      name: `${history.tasks} tasks finished before`,
      databaseUrl: url,
      database,
      size,
    })
  await database.close()
  return { oneLargeJob, manyLargeJobs, manySmallJobs, withHistory, history }
}

async function measureOnce(
  postgres: BenchPostgres,
  { devices, warmUpSeconds, seconds }: FlatnessOptions,
  { name, databaseUrl, database, size }: { name: string; databaseUrl: string; database: Database; size: number },
): Promise<number> {
  const stand = await openStand(postgres, { databaseUrl, database, servers: 1, devices, resultsPerReport: size })
  try {
    const measured = await stand.measure({ pace: { kind: 'full' }, warmUpSeconds, seconds })
    console.log(describeMeasurement(`${name}, ${size} a report`, measured))
    return measured.acceptedPerSecond
  } finally {
    await stand.stop()
  }
}

/** Posts another job for each that is done, so that there is always as much work ahead. */
async function replenish(database: Database, { jobs, tasksPerJob }: BenchJobs, signal: AbortSignal): Promise<void> {
  let posted = jobs
  while (!signal.aborted) {
    const { tasks } = await countAccepted(database)
    const missing = jobs + Math.floor(tasks / Number(tasksPerJob)) - posted
    if (missing > 0) await addJobs(database, missing)
    posted += Math.max(0, missing)
    await sleep(replenishEveryMs)
  }
}

/** Lets the server finish so many tasks, as fast as it can. */
async function makeHistory(
  postgres: BenchPostgres,
  { devices, history }: FlatnessOptions,
  databaseUrl: string,
  database: Database,
): Promise<Flatness['history']> {
  const resultsPerReport = 64
  const stand = await openStand(postgres, { databaseUrl, database, servers: 1, devices, resultsPerReport })
  const startedAt = performance.now()
  let tasks = 0
  try {
    await stand.fleet.load({ kind: 'full' })
    while (tasks < history) {
      await sleep(1000)
      tasks = (await countAccepted(database)).tasks
    }
  } finally {
    await stand.stop()
  }
  const tookMs = performance.now() - startedAt
  const { rows } = await database.query<{ bytes: bigint }>('select pg_database_size(current_database()) as bytes')
  const databaseBytes = Number(rows[0]?.bytes)
  const startingAt = performance.now()
  const server = await startServer(postgres, databaseUrl)
  const startMs = Math.round(performance.now() - startingAt)
  await server.end('SIGTERM')
  console.log(
    `${tasks} tasks finished in ${(tookMs / 1000).toFixed(0)} s; ${(databaseBytes / 2 ** 20).toFixed(0)} MiB in the ` +
      `database, ${(databaseBytes / tasks).toFixed(0)} bytes a task; a server then starts in ${startMs} ms`,
  )
  return { tasks, databaseBytes, startMs }
}

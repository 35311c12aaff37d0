import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { createFolderBlobs } from '../../server/blobs/folder-blobs.ts'
import { prepareSeedJobs } from '../../server/catalogue.ts'
import { type Database, openDatabase } from '../../server/db/database.ts'
import { type NewJobRow, seedJobs } from '../../server/db/jobs.ts'
import { migrate } from '../../server/db/migrate.ts'
import { collatzRecords as kernel } from '../../wasm/collatz-records/descriptor.ts'
import type { BenchPostgres } from './bench-postgres.ts'

export interface BenchJobs {
  readonly jobs: number
  readonly tasksPerJob: bigint
  readonly chunkSize: number
}

/** A millicredit: tasks that a device computes in no time, so that only the server is measured. */
const microCredits = 1000n

/** Starts of a task: any, since nobody computes it. */
const startsPerTask = 1000

/** An empty database on the bench's PostgreSQL. @returns its URL */
export async function createEmptyDatabase(postgres: BenchPostgres, purpose: string): Promise<string> {
  const name = `${purpose}_${randomUUID().slice(0, 8)}`
  const admin = new pg.Client({ connectionString: postgres.url })
  await admin.connect()
  await admin.query(`create database ${admin.escapeIdentifier(name)}`)
  await admin.end()
  const url = new URL(postgres.url)
  url.pathname = `/${name}`
  return url.href
}

/** A database of a server, with jobs of `collatz-records` and a quorum of two. @returns its URL, and a pool on it */
export async function createServerDatabase(
  postgres: BenchPostgres,
  { jobs, tasksPerJob, chunkSize }: BenchJobs,
): Promise<{ url: string; database: Database }> {
  const url = await createEmptyDatabase(postgres, 'tidemill')
  const database = openDatabase(url)
  await migrate(database)
  const seeds = await prepareSeedJobs(createFolderBlobs(join(postgres.dataFolder, 'blobs')), new Date())
  const seed = seeds.find(({ kernelId }) => kernelId === kernel.id)
  if (seed === undefined) throw new Error(`The kernel ${kernel.id} is not among the seeds.`)
  const parameters = { from: '1', to: `${tasksPerJob * BigInt(startsPerTask)}`, startsPerTask }
  const job: NewJobRow = { ...seed, parameters, taskCount: tasksPerJob, microCredits, chunkSize }
  await database.transaction(client =>
    seedJobs(
      client,
      Array.from({ length: jobs }, () => job),
    ),
  )
  return { url, database }
}

/** Posts more jobs like the first. */
export async function addJobs(database: Database, jobs: number): Promise<void> {
  await database.query(
    `with ids as (select nextval(pg_get_serial_sequence('jobs', 'id')) as id from generate_series(1, $1)),
     copies as (
       insert into jobs overriding system value
       select copy.* from ids, jobs as first,
         jsonb_populate_record(first, jsonb_build_object('id', ids.id, 'next_index', 0)) as copy
       where first.id = (select min(id) from jobs)
       returning id)
     insert into job_progress (job_id, summary) select id, $2 from copies`,
    [jobs, JSON.stringify(kernel.emptySummary)],
  )
}

/**
 * Gives accounts a long clean record, as devices have that have taken part for a while: a newcomer would be given few
 * leases at a time, and asked for more opinions. To be called before they first ask for work, since servers then read
 * their records.
 */
export async function seedRecords(database: Database, accountIds: readonly string[]): Promise<void> {
  await database.query(
    `insert into records (account_id, kernel_digest, passed, strikes)
     select account_id, kernel_digest, 1000, 0
     from unnest($1::bigint[]) as account_id, (select distinct kernel_digest from jobs) as kernels`,
    [accountIds],
  )
}

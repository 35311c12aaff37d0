import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { defaultPolicy } from '../../protocol/jobs.ts'
import { operatorsJob } from '../catalogue.ts'
import type { Database } from '../db/database.ts'
import { encodeBlock } from '../db/entry-codec.ts'
import { type NewJobRow, seedJobs } from '../db/jobs.ts'
import { type ChunkKey, readLog } from '../db/read-chunk.ts'
import { returnedAt, type Said, voteOf } from './votes.ts'

const compress = promisify(zstdCompress)

/** Fills an empty database with jobs whose chunks have four tasks. Their ids are 1, 2 and so on. */
export async function insertJobs(database: Database, ...jobs: Partial<NewJobRow>[]): Promise<void> {
  const job: NewJobRow = {
    kernelId: 'collatz-records',
    kernelDigest: Buffer.alloc(32, 1),
    kernelBytes: 1000,
    parameters: {},
    policy: defaultPolicy,
    microCredits: 2_000_000n,
    taskCount: 10n,
    chunkSize: 4,
    weight: 1,
    createdAt: new Date(returnedAt),
    ...operatorsJob,
    emptySummary: [],
  }
  await database.transaction(client =>
    seedJobs(
      client,
      jobs.map(changes => ({ ...job, ...changes })),
    ),
  )
}

/** Cuts a chunk of four tasks, and appends these votes to its log, each in a row of its own. */
export async function insertChunk(
  database: Database,
  { jobId, lo }: ChunkKey,
  said: readonly Said[] = [],
  { accepted = 0, failed = 0, disputed = 0, summary = [] as unknown } = {},
): Promise<void> {
  await database.query(
    `insert into chunks (job_id, lo, hi, claimed_until, accepted, failed, disputed, summary)
     values ($1, $2::bigint, $2::bigint + 4, now(), $3, $4, $5, $6)`,
    [jobId, lo, accepted, failed, disputed, JSON.stringify(summary)],
  )
  for (const [seq, one] of said.entries()) {
    const vote = voteOf(one)
    await database.query('insert into log (job_id, lo, seq, entries) values ($1, $2, $3, $4)', [
      jobId,
      lo,
      seq,
      encodeBlock(vote.report, [vote]),
    ])
  }
}

/** Makes a segment of a chunk's log. */
export async function sealChunk(database: Database, { jobId, lo }: ChunkKey): Promise<void> {
  const rows = await readLog(database, { jobId, lo })
  const bytes = await compress(Buffer.concat(rows.map(({ entries }) => entries)))
  const digest = createHash('sha256').update(bytes).digest()
  await database.query('insert into segments (job_id, lo, digest, bytes) values ($1, $2, $3, $4)', [
    jobId,
    lo,
    digest,
    bytes,
  ])
  await database.query('delete from log where job_id = $1 and lo = $2', [jobId, lo])
  await database.query('update chunks set sealed_at = now() where job_id = $1 and lo = $2', [jobId, lo])
}

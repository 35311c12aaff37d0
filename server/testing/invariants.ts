import { createHash } from 'node:crypto'
import { expect, vi } from 'vitest'
import type { Database, Queryable } from '../db/database.ts'
import { type JobRow, listJobs, readSummary } from '../db/jobs.ts'
import { type ChunkKey, readChunkVotes } from '../db/read-chunk.ts'
import { readJudged, showAll } from '../db/read-judged.ts'
import { chunkKey } from '../db/write-books.ts'
import { foldLog } from '../domain/fold-log.ts'
import type { Vote } from '../domain/task.ts'
import { builtInJobKernel } from '../job-kernel.ts'
import { establishedPassed } from './wire.ts'

/** What must hold whatever happened: by SQL on the books, and by folding every log and segment again. */

/** How many results each account was told to be stored. */
export type Acknowledged = ReadonlyMap<string, number>

interface ChunkBooks extends ChunkKey {
  readonly hi: bigint
  readonly owner: string | null
  readonly isSealed: boolean
  readonly accepted: number
  readonly disputed: number
  readonly failed: number
}

const countsOf = ({ accepted, disputed, failed }: Pick<ChunkBooks, 'accepted' | 'disputed' | 'failed'>) => ({
  accepted,
  disputed,
  failed,
})

/** What an account did in a chunk, by the fold. */
interface Done {
  returned: number
  accepted: number
  rejected: number
  unpaid: number
}

const readChunks = async (db: Queryable) =>
  (
    await db.query<ChunkBooks>(
      `select job_id as "jobId", lo, hi, owner, sealed_at is not null as "isSealed", accepted, disputed, failed
       from chunks order by job_id, lo`,
    )
  ).rows

/** Nobody has counted twice: neither an account nor a device nor a replica. */
function expectDistinct(votes: readonly Vote[]): void {
  const identities: readonly ((vote: Vote) => bigint)[] = [
    ({ report }) => report.accountId,
    ({ report }) => report.deviceId,
    ({ replica }) => BigInt(replica),
  ]
  for (const identity of identities) expect(new Set(votes.map(identity)).size).toBe(votes.length)
}

/** Folds a chunk's log, or its segment, again. `outrun`: accounts whose vote is there, and whose replica somebody else returned first. */
async function foldChunk(db: Queryable, { policy }: JobRow, key: ChunkKey) {
  const counts = { accepted: 0, disputed: 0, failed: 0 }
  const accounts = new Map<bigint, Done>()
  const outrun = new Set<string>()
  const votes = await readChunkVotes(db, key)
  for (const { offset, report } of votes) outrun.add(`${report.accountId} ${offset}`)
  for (const { offset, task } of foldLog(votes, policy)) {
    expectDistinct(task.votes)
    if (task.judgement.state !== 'pending') counts[task.judgement.state]++
    for (const [place, { report }] of task.votes.entries()) {
      const done = accounts.get(report.accountId) ?? { returned: 0, accepted: 0, rejected: 0, unpaid: 0 }
      const standing = task.standings[place]
      done.returned++
      if (standing !== undefined && standing !== 'waiting') done[standing]++
      accounts.set(report.accountId, done)
      outrun.delete(`${report.accountId} ${offset}`)
    }
  }
  return { counts, accounts, outrun: [...outrun].map(vote => vote.split(' ')[0] as string) }
}

/** The chunks of a job follow each other from its first task to where it has been cut. */
function expectCut(chunks: readonly ChunkBooks[], nextIndex: bigint): void {
  let next = 0n
  for (const { lo, hi } of chunks) {
    expect(lo).toBe(next)
    next = hi
  }
  expect(nextIndex).toBe(next)
}

/** An open chunk has a log without gaps, a sealed one a segment that is what its name says. */
async function expectKept(db: Queryable, chunks: readonly ChunkBooks[]): Promise<void> {
  const open = new Set(chunks.filter(({ isSealed }) => !isSealed).map(chunkKey))
  const { rows: logs } = await db.query<ChunkKey & { rows: bigint; first: number; last: number }>(
    `select job_id as "jobId", lo, count(*) as rows, min(seq) as first, max(seq) as last from log group by job_id, lo`,
  )
  for (const { rows, first, last, ...key } of logs) {
    expect(open).toContain(chunkKey(key))
    expect({ first, last: BigInt(last) }).toEqual({ first: 0, last: rows - 1n })
  }
  const { rows: segments } = await db.query<ChunkKey & { digest: Buffer; bytes: Buffer }>(
    'select job_id as "jobId", lo, digest, bytes from segments order by job_id, lo',
  )
  const sealed = chunks.filter(({ isSealed }) => isSealed)
  expect(segments.map(chunkKey)).toEqual(sealed.map(chunkKey))
  for (const { digest, bytes } of segments) expect(createHash('sha256').update(bytes).digest()).toEqual(digest)
  for (const { owner } of sealed) expect(owner).toBeNull()
}

async function expectProgress(db: Queryable, job: JobRow, chunks: readonly ChunkBooks[]): Promise<void> {
  const sum = { accepted: 0n, disputed: 0n, failed: 0n }
  for (const chunk of chunks.filter(({ isSealed }) => isSealed))
    for (const state of ['accepted', 'disputed', 'failed'] as const) sum[state] += BigInt(chunk[state])
  const { rows } = await db.query('select accepted, disputed, failed from job_progress where job_id = $1', [job.id])
  expect(rows).toEqual([sum])
  const kernel = builtInJobKernel(job)
  if (kernel === undefined) return
  const { emptySummary, addOutput, mergeSummaries } = kernel
  let summary: unknown = emptySummary
  for await (const { output } of readJudged(db, job, showAll, { state: 'accepted' }))
    summary = addOutput(summary, output)
  expect(await readSummary(db, job.id, mergeSummaries)).toEqual(summary)
}

/** Each account has what the fold says that it did, is paid for what was accepted, and for nothing else. */
async function expectContributions(db: Queryable, expected: ReadonlyMap<string, Done & { paid: bigint }>) {
  const { rows } = await db.query<ChunkKey & Done & { accountId: bigint; paid: bigint; forfeited: bigint }>(
    `select account_id as "accountId", job_id as "jobId", lo, returned, accepted, rejected, unpaid, micro_credits as paid,
       forfeited from contributions`,
  )
  const found = new Map<string, Done & { paid: bigint }>()
  for (const { accountId, jobId, lo, forfeited, ...done } of rows) {
    expect(forfeited >= 0n && forfeited <= done.paid).toBe(true)
    found.set(`${accountId} ${chunkKey({ jobId, lo })}`, done)
  }
  expect(found).toEqual(expected)
}

/** The figures of the network, and the records of accounts that never failed, are sums of the same contributions. */
async function expectSums(db: Queryable): Promise<void> {
  const sums =
    'sum(returned)::bigint as returned, sum(accepted)::bigint as accepted, sum(micro_credits)::bigint as paid'
  const { rows: activity } = await db.query(`select ${sums} from activity`)
  const { rows: contributions } = await db.query(`select ${sums} from contributions`)
  expect(activity).toEqual(contributions)
  const { rows: records } = await db.query<{ passed: bigint; accepted: bigint }>(
    `select r.passed::bigint, sum(c.accepted)::bigint as accepted from contributions c join jobs j on j.id = c.job_id
       join records r on r.account_id = c.account_id and r.kernel_digest = j.kernel_digest
     group by r.account_id, r.kernel_digest, r.passed having sum(c.rejected) = 0`,
  )
  for (const { passed, accepted } of records) expect([0n, BigInt(establishedPassed)]).toContain(passed - accepted)
}

/**
 * Every result that an account was told is stored is in the log, and counts, but where a server whose chunk another one
 * had just taken over could not know that somebody else had returned the replica. None counts that it was not told of.
 */
async function expectAcknowledged(db: Queryable, acknowledged: Acknowledged, outrun: readonly string[]) {
  const { rows } = await db.query<{ accountId: bigint; returned: bigint }>(
    'select account_id as "accountId", sum(returned) as returned from contributions group by account_id',
  )
  const counted = new Map(rows.map(({ accountId, returned }) => [`${accountId}`, Number(returned)]))
  for (const [accountId, results] of acknowledged) {
    const least = counted.get(accountId) ?? 0
    const most = least + outrun.filter(outran => outran === accountId).length
    const isRight = results >= least && results <= most
    expect({ accountId, results, least, most, isRight }).toEqual({ accountId, results, least, most, isRight: true })
  }
}

/** Throws where anything that must hold does not. While servers work, the books lag behind the log a little. */
export async function checkInvariants(db: Queryable, acknowledged: Acknowledged): Promise<void> {
  const { rows: inbox } = await db.query('select id from inbox')
  expect(inbox).toEqual([])
  const chunks = await readChunks(db)
  await expectKept(db, chunks)
  const contributions = new Map<string, Done & { paid: bigint }>()
  const outrun: string[] = []
  const { rows: cut } = await db.query<{ id: bigint; nextIndex: bigint }>(
    'select id, next_index as "nextIndex" from jobs',
  )
  for (const job of await listJobs(db)) {
    const own = chunks.filter(({ jobId }) => jobId === job.id)
    expectCut(own, cut.find(({ id }) => id === job.id)?.nextIndex ?? -1n)
    for (const chunk of own) {
      const { counts, accounts, ...votes } = await foldChunk(db, job, chunk)
      outrun.push(...votes.outrun)
      expect({ lo: chunk.lo, ...countsOf(chunk) }).toEqual({ lo: chunk.lo, ...counts })
      const judged = counts.accepted + counts.disputed + counts.failed
      if (chunk.isSealed) expect(judged).toBe(Number(chunk.hi - chunk.lo))
      for (const [accountId, done] of accounts)
        contributions.set(`${accountId} ${chunkKey(chunk)}`, {
          ...done,
          paid: BigInt(done.accepted) * job.microCredits,
        })
    }
    await expectProgress(db, job, own)
  }
  await expectContributions(db, contributions)
  await expectSums(db)
  await expectAcknowledged(db, acknowledged, outrun)
}

/** The same, once the books have all that the logs have. */
export const invariantsHold = (database: Database, acknowledged: Acknowledged = new Map()): Promise<void> =>
  vi.waitFor(() => checkInvariants(database, acknowledged), { timeout: 40_000, interval: 500 })

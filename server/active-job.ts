import { performance } from 'node:perf_hooks'
import type { JobState } from '../protocol/jobs.ts'
import { microCreditsPerCredit } from './catalogue.ts'
import type { JobRow, OpenJobRow } from './db/jobs.ts'
import type { Chunk } from './domain/chunk.ts'
import { type Share, startingShare } from './domain/fair-share.ts'
import type { JobKernel } from './job-kernel.ts'

/** A chunk that this server holds. */
export interface HeldChunk {
  readonly job: ActiveJob
  readonly chunk: Chunk
  /** Of the next row of its log. */
  nextSeq: number
  /** What its accepted outputs say together. */
  summary: unknown
  /** Accounts whose contribution has changed since the books were written. */
  readonly touched: Set<bigint>
  /** Something of it is not written down yet. */
  isChanged: boolean
  /** Its segment is being made. */
  isSealing: boolean
}

/** A job that this server hands out work of. */
export interface ActiveJob extends Share {
  readonly row: JobRow
  readonly kernel: JobKernel
  /** The kernel's digest in hexadecimal. */
  readonly kernelDigest: string
  /** Seconds of the reference core. */
  readonly credit: number
  /** As the database had it a moment ago. */
  state: JobState
  /** What its accepted replicas have earned, where it has a budget: as the database had it, and what came since. */
  spent: bigint
  /** Of that, what came since; the database may have it already when it is asked next. */
  spentLately: bigint
  served: number
  /** Tasks handed out for the first time since chunks were last cut: how fast they are needed. */
  startedLately: number
  /** When that was, in milliseconds of a clock that nobody sets. */
  cutAt: number
  /** All of it has been cut into chunks. */
  isCut: boolean
  /** Chunks that this server holds, by their first index; the oldest first, so that they are soon done. */
  readonly chunks: Map<bigint, HeldChunk>
}

export const activateJob = (
  row: JobRow & Pick<OpenJobRow, 'spent'>,
  kernel: JobKernel,
  others: readonly ActiveJob[],
): ActiveJob => ({
  jobId: row.id,
  row,
  kernel,
  kernelDigest: row.kernelDigest.toString('hex'),
  credit: Number(row.microCredits) / microCreditsPerCredit,
  state: row.state,
  spent: row.spent,
  spentLately: 0n,
  served: startingShare(others),
  startedLately: 0,
  cutAt: performance.now(),
  isCut: false,
  chunks: new Map(),
})

/** Whether anything of it is still to be handed out or judged. */
export const hasWork = ({ state, isCut, chunks }: ActiveJob): boolean =>
  state === 'active' && (!isCut || chunks.size > 0)

/** How many more replicas its budget pays for, if all that are here and that are being computed are accepted. */
export function affordableReplicas({ row, spent, chunks }: ActiveJob): number {
  if (row.budget === undefined) return Number.POSITIVE_INFINITY
  let open = 0
  for (const { chunk } of chunks.values()) open += chunk.leased + chunk.payable
  return Number((row.budget - spent) / row.microCredits) - open
}

/** Whether nothing of it can be handed out before its budget is raised. Where somebody computes, that may change. */
export function isStuck(job: ActiveJob): boolean {
  if (job.state !== 'active' || affordableReplicas(job) > 0) return false
  for (const { chunk } of job.chunks.values()) if (chunk.leased > 0) return false
  return true
}

/** First index of the chunk that holds a task. */
export const chunkStart = ({ row }: ActiveJob, index: bigint): bigint => index - (index % BigInt(row.chunkSize))

/** Work of a job that was handed out comes back undone; a negative number hands it out. */
export function takeBack(job: ActiveJob, leases: number): void {
  job.served -= (leases * job.credit) / job.row.weight
}

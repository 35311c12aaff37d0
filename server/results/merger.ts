import type { Digest } from '../../protocol/digest.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { Merged } from '../../protocol/jobs.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { announceBlob } from '../db/blobs.ts'
import { type Database, isRetryable } from '../db/database.ts'
import { findJob, insertJob, type JobRow } from '../db/jobs.ts'
import { keepBlobs, listMerges, settleMerge, withMergeClaim } from '../db/merges.ts'
import { readJudged, showAll } from '../db/read-judged.ts'
import type { Logger } from '../logger.ts'
import { mergeInputBytesMost, prepareMergeJob } from './merge-job.ts'
import { concatenate, type MergeInput, type MergeOutcome, mergeNumbers } from './merge-outputs.ts'
import { readFilled } from './read-filled.ts'

const everyMs = 2000
/** After a fault of the server or its disk. */
const retryAfterMs = 60_000
/** Of a merged answer; a poster who needs more takes the outputs and merges them. */
const mergedBytesMost = 16 * 2 ** 30

const isOver = ({ merged }: JobRow): boolean => merged?.state === 'done' || merged?.state === 'failed'

/** Another server has written down what the merge came to. */
class MergeSettledError extends Error {}

/**
 * Makes the merged answers of jobs whose tasks all have a verdict. Every server of a database has one of these; each merge
 * is done by one of them at a time, and comes to its end once, whichever dies in between.
 */
export function createMerger(input: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly now: () => number
  readonly log: Logger
}) {
  const { database, blobs, now, log } = input
  const stopping = new AbortController()
  /** When merges that could not be made are tried again. */
  const retryAt = new Map<bigint, number>()
  let tending: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const settle = (job: JobRow, merged: Merged, keep: readonly Digest[] = []) =>
    database.transaction(client =>
      settleMerge(client, {
        jobId: job.id,
        from: job.merged?.state === 'running' ? 'running' : 'waiting',
        merged,
        keep,
      }),
    )

  async function settleOutcome(job: JobRow, outcome: MergeOutcome): Promise<void> {
    if (outcome.kind === 'unmergeable') await settle(job, { state: 'failed', reason: outcome.reason })
    else {
      await note([outcome.blob.digest])
      await settle(job, { state: 'done', ...outcome.blob }, [outcome.blob.digest])
    }
  }

  /** What becomes no job's, because another server was faster or this one dies, is collected. */
  async function note(stored: readonly Digest[]): Promise<void> {
    for (const digest of stored) await announceBlob(database, digest, new Date(now()))
  }

  const inputOf = (job: JobRow, mostBytes: number): MergeInput => ({
    // All tasks have a verdict, so that nobody is given one of them as a probe any more: there is nothing to hide.
    tasks: readFilled(database, job, () => showAll),
    taskCount: job.taskCount,
    blobs,
    mostBytes,
    signal: stopping.signal,
  })

  /** Posts the job that merges the outputs of another, and links them: both or none. */
  async function beginMergeJob(job: JobRow, module: Digest): Promise<void> {
    const outputs = await concatenate(inputOf(job, mergeInputBytesMost))
    if (outputs.kind === 'unmergeable') return settleOutcome(job, outputs)
    await note([outputs.blob.digest])
    const merging = await prepareMergeJob({ job, module, outputs: outputs.blob, blobs, now: new Date(now()) })
    if (merging.kind === 'unmergeable') return settleOutcome(job, merging)
    await note(merging.blobs)
    try {
      await database.transaction(async client => {
        const id = await insertJob(client, merging.row)
        await keepBlobs(client, id, merging.blobs)
        const merged = { state: 'running', jobId: `${id}` as JobId } as const
        if (!(await settleMerge(client, { jobId: job.id, from: 'waiting', merged, keep: [] })))
          throw new MergeSettledError()
      })
    } catch (error) {
      if (!(error instanceof MergeSettledError)) throw error
    }
  }

  /** Looks whether the one task of a merge job has come to something. */
  async function followMergeJob(job: JobRow, mergeJobId: JobId): Promise<void> {
    const merging = await findJob(database, BigInt(mergeJobId))
    if (merging === undefined) throw new Error(`The merge job ${mergeJobId} of job ${job.id} is gone.`)
    if (merging.state === 'canceled')
      return settleOutcome(job, { kind: 'unmergeable', reason: `Job ${mergeJobId}, which merges, was canceled.` })
    if (merging.state !== 'finished') return
    for await (const judged of readJudged(database, merging, showAll)) {
      if (judged.state === 'accepted') {
        const digest = await blobs.put(judged.output)
        return settleOutcome(job, { kind: 'merged', blob: { digest, bytes: judged.output.length } })
      }
      const why = judged.state === 'failed' ? `failed: ${judged.reason}` : 'is disputed: no answer of it was agreed on.'
      return settleOutcome(job, { kind: 'unmergeable', reason: `The task of job ${mergeJobId}, which merges, ${why}` })
    }
  }

  async function merge(jobId: bigint): Promise<void> {
    const job = await findJob(database, jobId)
    // Another server may have been faster.
    if (job === undefined || isOver(job) || job.merged?.state === 'running') return
    switch (job.merge.kind) {
      case 'none':
        return
      case 'kernel':
        return beginMergeJob(job, job.merge.digest)
      case 'concatenate':
        return settleOutcome(job, await concatenate(inputOf(job, mergedBytesMost)))
      default:
        return settleOutcome(job, await mergeNumbers(job.merge.kind, inputOf(job, mergedBytesMost)))
    }
  }

  async function advance(jobId: bigint): Promise<void> {
    const job = await findJob(database, jobId)
    if (job === undefined) return
    // To look is no work: nobody needs to claim it.
    if (job.merged?.state === 'running') await followMergeJob(job, job.merged.jobId)
    else await withMergeClaim(database, jobId, () => merge(jobId))
  }

  /** Merges what there is to merge, each by itself: one that cannot be done now must not hold up the others. */
  async function tend(): Promise<void> {
    for (const jobId of await listMerges(database)) {
      if (stopping.signal.aborted) return
      if (now() < (retryAt.get(jobId) ?? 0)) continue
      try {
        await advance(jobId)
        retryAt.delete(jobId)
      } catch (error) {
        if (stopping.signal.aborted || isRetryable(error)) return
        retryAt.set(jobId, now() + retryAfterMs)
        log.error('A merge could not be made, and will be tried again', { jobId: `${jobId}`, error })
      }
    }
  }

  function tendIn(delayMs: number): void {
    if (stopping.signal.aborted) return
    timer = setTimeout(() => {
      tending = tend()
        .catch((error: unknown) => {
          if (!isRetryable(error)) log.error('Merges could not be looked for', { error })
        })
        .finally(() => tendIn(everyMs))
    }, delayMs)
  }

  return {
    /** Merges what there is to merge now. @throws {DatabaseUnavailableError} */
    tend,
    start(): void {
      tendIn(everyMs)
    },
    /** A merge that is under way is left to another server, or to the next start. */
    async stop(): Promise<void> {
      stopping.abort()
      clearTimeout(timer)
      await tending
    },
  }
}

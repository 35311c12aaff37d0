import type { ActiveJob } from './active-job.ts'
import { type ChunkRow, claimChunks, cutChunk, renewChunks } from './db/chunks.ts'
import type { Database } from './db/database.ts'
import { readChunkLog } from './db/read-chunk-log.ts'
import type { NewVerdict, TaskKey } from './db/record-verdicts.ts'
import { Chunk, type TaskLog } from './domain/chunk.ts'
import type { Judgement } from './domain/judge.ts'
import type { OpenLeases } from './domain/open-leases.ts'
import type { Logger } from './logger.ts'
import type { ServerBus } from './server-bus.ts'
import type { VerdictWriter } from './verdict-writer.ts'

/** Chunks left behind by dead servers that one server takes over at a time. */
const claimsAtOnce = 32
const cutsAtOnce = 64

export const toVerdict = (task: TaskKey, judgement: Judgement): NewVerdict[] =>
  judgement.state === 'pending' ? [] : [{ jobId: task.jobId, index: task.index, judgement }]

const keyOf = (job: ActiveJob, lo: bigint): string => `${job.jobId} ${lo}`

/**
 * Holds chunks in the database's name, and keeps what is in memory equal to the log. Only what is in memory is renewed: a
 * chunk whose log could not be read, or whose verdicts could not be written, is let go, and whoever claims it next folds
 * its log again.
 */
export function createChunkKeeper(input: {
  readonly database: Database
  readonly serverId: string
  readonly jobs: ReadonlyMap<bigint, ActiveJob>
  readonly writer: VerdictWriter
  readonly bus: ServerBus
  readonly openLeases: OpenLeases
  readonly log: Logger
}) {
  const { database, serverId, jobs, writer, bus, openLeases, log } = input
  /** Chunks whose log is being read, and whether it has grown meanwhile. */
  const adopting = new Map<string, { hasGrown: boolean }>()

  function letGo(job: ActiveJob, chunk: Chunk): void {
    if (job.chunks.get(chunk.lo) !== chunk) return
    job.chunks.delete(chunk.lo)
    chunk.close()
  }

  /** Work for a chunk in the background. Where it fails, the chunk is let go. */
  function settle(work: Promise<unknown>, job: ActiveJob, chunk: Chunk): void {
    work.catch((error: unknown) => {
      letGo(job, chunk)
      log.error('A chunk is let go: its log will be folded again', { jobId: job.jobId, lo: chunk.lo, error })
    })
  }

  /** Records what the log says and the database does not: verdicts of a server that died, credit of late votes. */
  async function recordFolded(job: ActiveJob, chunk: Chunk, taskLog: readonly TaskLog[]): Promise<void> {
    const judged = taskLog.map(({ index, recorded }) => ({ task: { jobId: job.jobId, index }, recorded }))
    const unrecorded = judged.filter(({ recorded }) => recorded === undefined)
    await writer.recordVerdicts(unrecorded.flatMap(({ task }) => toVerdict(task, chunk.judgement(task.index))))
    await writer.creditLateVotes(judged.flatMap(({ task, recorded }) => (recorded === undefined ? [] : [task])))
    if (chunk.isJudged) letGo(job, chunk)
  }

  /** Takes a claimed chunk into memory. */
  async function adopt(job: ActiveJob, { lo, hi }: ChunkRow): Promise<void> {
    const key = keyOf(job, lo)
    const state = { hasGrown: true }
    adopting.set(key, state)
    try {
      let taskLog: TaskLog[] = []
      while (state.hasGrown) {
        state.hasGrown = false
        taskLog = await readChunkLog(database, { jobId: job.jobId, lo, hi })
      }
      const chunk = new Chunk({ lo, hi, policy: job.row.policy, openLeases, log: taskLog })
      job.chunks.set(lo, chunk)
      settle(recordFolded(job, chunk, taskLog), job, chunk)
    } finally {
      adopting.delete(key)
    }
  }

  async function fold(job: ActiveJob, chunk: Chunk): Promise<void> {
    const taskLog = await readChunkLog(database, { jobId: job.jobId, lo: chunk.lo, hi: chunk.hi })
    for (const { index, votes } of taskLog) for (const vote of votes) chunk.fold(index, vote)
    await recordFolded(job, chunk, taskLog)
  }

  async function cut(job: ActiveJob): Promise<void> {
    let unstarted = 0
    for (const chunk of job.chunks.values()) unstarted += chunk.unstarted
    const wanted = Math.max(job.row.chunkSize / 2, job.leasedLately * 2)
    job.leasedLately = 0
    for (let cuts = 0; unstarted < wanted && cuts < cutsAtOnce && !job.isCut; cuts++) {
      const row = await cutChunk(database, job.jobId, serverId)
      if (row === undefined) job.isCut = true
      else await adopt(job, row)
      unstarted += row === undefined ? 0 : Number(row.hi - row.lo)
    }
  }

  return {
    settle,
    letGo,

    /** Folds in what another server appended. A chunk that is not here is another server's business, or soon ours. */
    catchUp(job: ActiveJob, lo: bigint): void {
      const state = adopting.get(keyOf(job, lo))
      if (state !== undefined) state.hasGrown = true
      const chunk = job.chunks.get(lo)
      if (chunk !== undefined) settle(fold(job, chunk), job, chunk)
    },

    catchUpAll(): void {
      for (const state of adopting.values()) state.hasGrown = true
      for (const job of jobs.values()) for (const chunk of job.chunks.values()) settle(fold(job, chunk), job, chunk)
    },

    /** Renews the claims, drops chunks that another server has taken, and takes those of the dead. */
    async renew(): Promise<void> {
      const held = [...jobs.values()].flatMap(job => [...job.chunks.values()].map(chunk => ({ job, chunk })))
      const keys = held.map(({ job, chunk }) => ({ jobId: job.jobId, lo: chunk.lo }))
      const renewed = await renewChunks(database, serverId, keys)
      const mine = new Set(renewed.map(({ jobId, lo }) => `${jobId} ${lo}`))
      for (const { job, chunk } of held.filter(each => !mine.has(keyOf(each.job, each.chunk.lo)))) {
        letGo(job, chunk)
        // The log holds what was folded here last; its new holder may have read the log before.
        await bus.tell({ kind: 'results', jobId: job.jobId, lo: chunk.lo })
      }
      for (const row of await claimChunks(database, { owner: serverId, jobIds: [...jobs.keys()], limit: claimsAtOnce }))
        await adopt(jobs.get(row.jobId) as ActiveJob, row)
    },

    /** Cuts new chunks where tasks run short. */
    async cut(): Promise<void> {
      for (const job of jobs.values()) await cut(job)
    },
  }
}

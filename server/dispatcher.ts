import { type JobKernel, jobKernel, microCreditsPerCredit } from './catalogue.ts'
import type { NewResult } from './db/append-results.ts'
import { type ChunkRow, claimChunks, cutChunk, releaseChunks, renewChunks, renewEveryMs } from './db/chunks.ts'
import type { Database } from './db/database.ts'
import type { JobRow } from './db/jobs.ts'
import { listJobs } from './db/jobs.ts'
import { readChunkLog } from './db/read-chunk-log.ts'
import type { NewVerdict, TaskKey } from './db/record-verdicts.ts'
import { Chunk, type TaskLog } from './domain/chunk.ts'
import { leastServedFirst, type Share, startingShare } from './domain/fair-share.ts'
import type { Judgement } from './domain/judge.ts'
import { leaseMs } from './domain/lease-time.ts'
import type { Party } from './domain/task.ts'
import { DatabaseUnavailableError } from './errors.ts'
import type { Logger } from './logger.ts'
import type { LeaseClaims } from './tokens.ts'
import { createVerdictWriter } from './verdict-writer.ts'

/** How often leases are ended, claims renewed and new chunks cut where they run short. */
const tendEveryMs = 500
/** Chunks left behind by dead servers that one server takes over at a time. */
const claimsAtOnce = 32
const resultsChannel = 'tidemill_results'

export interface ActiveJob extends Share {
  readonly row: JobRow
  readonly kernel: JobKernel
  /** Seconds of the reference core. */
  readonly credit: number
  served: number
  /** Chunks that this server holds, by their first index. */
  readonly chunks: Map<bigint, Chunk>
}

export interface Grant extends LeaseClaims {
  readonly job: ActiveJob
}

export interface WorkWanted {
  readonly party: Party
  readonly isHouse: boolean
  /** Seconds of the reference core. */
  readonly seconds: number
  /** At least so many leases, if there are as many tasks. */
  readonly lanes: number
  readonly most: number
}

/**
 * Hands out work from memory and folds what comes back. What it knows is the chunks that it holds in the database's
 * name; another server, or this one after a restart, comes to the same state by folding the same log.
 */
export function createDispatcher(input: {
  readonly database: Database
  readonly serverId: string
  readonly now: () => number
  readonly random: () => number
  readonly log: Logger
}) {
  const { database, serverId, now, random, log } = input
  const jobs = new Map<bigint, ActiveJob>()
  const stopping = new AbortController()
  const writer = createVerdictWriter({
    database,
    serverId,
    now,
    signal: stopping.signal,
    addOutput: (jobId, summary, output) => {
      const kernel = jobs.get(jobId)?.kernel
      if (kernel === undefined) return summary
      try {
        return kernel.descriptor.addOutput(summary, kernel.descriptor.decodeOutput(output))
      } catch (error) {
        // Two accounts agree on bytes that are no output of the kernel: the verdict stands, the picture goes without.
        log.warn('An accepted output could not be decoded', { jobId, error })
        return summary
      }
    },
  })
  let renewedAt = 0
  let tending: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const chunkOf = (job: ActiveJob, index: bigint): Chunk | undefined =>
    job.chunks.get(index - (index % BigInt(job.row.chunkSize)))

  const toVerdict = (task: TaskKey, judgement: Judgement): NewVerdict[] =>
    judgement.state === 'pending' ? [] : [{ jobId: task.jobId, index: task.index, judgement }]

  async function loadJobs(): Promise<void> {
    for (const row of await listJobs(database)) {
      const kernel = jobs.has(row.id) ? undefined : jobKernel(row)
      if (kernel === undefined) continue
      const served = startingShare([...jobs.values()])
      const credit = Number(row.microCredits) / microCreditsPerCredit
      jobs.set(row.id, { jobId: row.id, row, kernel, credit, served, chunks: new Map() })
    }
  }

  /** Takes a claimed chunk into memory: folds its log, and records what its last holder may not have recorded. */
  async function adopt(job: ActiveJob, { lo, hi }: ChunkRow): Promise<void> {
    const taskLog = await readChunkLog(database, { jobId: job.jobId, lo, hi })
    const chunk = new Chunk({ lo, hi, policy: job.row.policy, log: taskLog })
    job.chunks.set(lo, chunk)
    settle(recordFolded(job, chunk, taskLog))
  }

  async function recordFolded(job: ActiveJob, chunk: Chunk, taskLog: readonly TaskLog[]): Promise<void> {
    const judged = taskLog.map(({ index, recorded }) => ({
      task: { jobId: job.jobId, index },
      isRecorded: recorded !== undefined,
      judgement: chunk.judgement(index),
    }))
    await writer.recordVerdicts(
      judged.flatMap(({ task, isRecorded, judgement }) => (isRecorded ? [] : toVerdict(task, judgement))),
    )
    await writer.creditLateVotes(judged.flatMap(({ task, isRecorded }) => (isRecorded ? [task] : [])))
    if (chunk.isJudged) job.chunks.delete(chunk.lo)
  }

  /** Work in the background: its failure is logged, and what it would have written is found again in the log. */
  const settle = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => {
      if (!stopping.signal.aborted) log.error('Verdicts could not be recorded', { error })
    })
  }

  async function renew(): Promise<void> {
    const mine = new Set((await renewChunks(database, serverId)).map(({ jobId, lo }) => `${jobId} ${lo}`))
    renewedAt = now()
    for (const job of jobs.values())
      for (const lo of job.chunks.keys()) if (!mine.has(`${job.jobId} ${lo}`)) job.chunks.delete(lo)
  }

  async function tend(): Promise<void> {
    if (now() - renewedAt >= renewEveryMs) {
      await renew()
      await loadJobs()
      for (const row of await claimChunks(database, serverId, claimsAtOnce)) {
        const job = jobs.get(row.jobId)
        if (job !== undefined) await adopt(job, row)
      }
    }
    for (const job of jobs.values()) {
      let unstarted = 0
      for (const chunk of job.chunks.values()) {
        job.served -= chunk.expire(now()) * job.credit
        unstarted += chunk.unstarted
      }
      if (unstarted * 2 > job.row.chunkSize) continue
      const cut = await cutChunk(database, job.jobId, serverId)
      if (cut !== undefined) await adopt(job, cut)
    }
  }

  function tendSoon(delayMs: number): void {
    clearTimeout(timer)
    if (stopping.signal.aborted) return
    timer = setTimeout(() => {
      tending = tend()
        .catch((error: unknown) => {
          if (!(error instanceof DatabaseUnavailableError)) log.error('Chunks could not be tended', { error })
        })
        .finally(() => tendSoon(tendEveryMs))
    }, delayMs)
  }

  function leaseReplica(job: ActiveJob, { party }: WorkWanted, expiresAt: number): bigint | undefined {
    for (const chunk of job.chunks.values()) {
      const index = chunk.leaseReplica(party, expiresAt, random)
      if (index !== undefined) return index
    }
    return undefined
  }

  function leaseFresh(job: ActiveJob, { party, isHouse }: WorkWanted, expiresAt: number): bigint | undefined {
    // The operator's own device gives second opinions only: where nobody else computes, it has nothing to do.
    if (isHouse) return undefined
    for (const chunk of job.chunks.values()) {
      const index = chunk.leaseFresh(party, expiresAt)
      if (index !== undefined) return index
    }
    return undefined
  }

  /** Second opinions before fresh tasks, so that what has been returned is soon judged; among jobs, the least served. */
  function leaseOne(wanted: WorkWanted): Grant | undefined {
    const order = leastServedFirst([...jobs.values()])
    for (const leaseFrom of [leaseReplica, leaseFresh])
      for (const job of order) {
        const expiresAt = now() + leaseMs(job.credit)
        const index = leaseFrom(job, wanted, expiresAt)
        if (index === undefined) continue
        job.served += job.credit
        const { deviceId, accountId } = wanted.party
        return { job, jobId: job.jobId, index, deviceId, accountId, expiresAt }
      }
    return undefined
  }

  return {
    jobs: jobs as ReadonlyMap<bigint, ActiveJob>,

    /** @throws {DatabaseUnavailableError} */
    async start(): Promise<void> {
      await loadJobs()
      await tend()
      await database.listen(resultsChannel, payload => {
        const [jobId = '', lo = ''] = payload.split(' ')
        const job = jobs.get(BigInt(jobId))
        const chunk = job?.chunks.get(BigInt(lo))
        if (job !== undefined && chunk !== undefined) settle(catchUp(job, chunk))
      })
      tendSoon(tendEveryMs)
    },

    /** Hands out work, the least served job first, until the seconds are filled and every lane has something. */
    lease(wanted: WorkWanted): Grant[] {
      const grants: Grant[] = []
      for (let filled = 0; grants.length < wanted.most && (filled < wanted.seconds || grants.length < wanted.lanes); ) {
        const grant = leaseOne(wanted)
        if (grant === undefined) break
        filled += grant.job.credit
        grants.push(grant)
      }
      return grants
    },

    /** Takes note of results that the log now holds. Resolves once those that came after their verdict have their credit. */
    async returned(results: readonly NewResult[]): Promise<void> {
      const verdicts: NewVerdict[] = []
      const late: TaskKey[] = []
      const foreign = new Set<string>()
      for (const { jobId, index, accountId, deviceId, network, ballot } of results) {
        const job = jobs.get(jobId)
        const chunk = job && chunkOf(job, index)
        if (job === undefined || chunk === undefined) {
          late.push({ jobId, index })
          if (job !== undefined) foreign.add(`${jobId} ${index - (index % BigInt(job.row.chunkSize))}`)
        } else {
          const isLate = chunk.judgement(index).state !== 'pending'
          const judgement = chunk.fold(index, { accountId, deviceId, network, ballot })
          if (isLate) late.push({ jobId, index })
          else verdicts.push(...toVerdict({ jobId, index }, judgement))
          if (chunk.isJudged) job.chunks.delete(chunk.lo)
        }
      }
      settle(writer.recordVerdicts(verdicts))
      for (const payload of foreign) await database.query('select pg_notify($1, $2)', [resultsChannel, payload])
      await writer.creditLateVotes(late)
    },

    /** Takes a lease back: the task is at once free for another device. */
    release({ jobId, index, deviceId }: LeaseClaims): void {
      const job = jobs.get(jobId)
      if (job !== undefined && chunkOf(job, index)?.release(index, deviceId)) job.served -= job.credit
    },

    /** Lets go of all chunks, so that whoever is next need not wait for the claims to end. */
    async stop(): Promise<void> {
      clearTimeout(timer)
      stopping.abort()
      await tending
      await releaseChunks(database, serverId)
    },
  }

  /** Folds in what another server appended to a chunk of ours. */
  async function catchUp(job: ActiveJob, chunk: Chunk): Promise<void> {
    const taskLog = await readChunkLog(database, { jobId: job.jobId, lo: chunk.lo, hi: chunk.hi })
    for (const { index, votes } of taskLog) for (const vote of votes) chunk.fold(index, vote)
    await recordFolded(job, chunk, taskLog)
  }
}

export type Dispatcher = ReturnType<typeof createDispatcher>

import { performance } from 'node:perf_hooks'
import type { Digest } from '../protocol/digest.ts'
import { type ActiveJob, activateJob, chunkOf, chunkStart } from './active-job.ts'
import type { BlobStore } from './blobs.ts'
import { createChunkKeeper, toVerdict } from './chunk-keeper.ts'
import type { Appended, NewResult } from './db/append-results.ts'
import { releaseChunks, renewEveryMs } from './db/chunks.ts'
import { type Database, isRetryable } from './db/database.ts'
import { listJobs } from './db/jobs.ts'
import type { NewVerdict, TaskKey } from './db/record-verdicts.ts'
import type { Chunk, TaskLeased } from './domain/chunk.ts'
import { leastServedFirst } from './domain/fair-share.ts'
import { leaseMs } from './domain/lease-time.ts'
import { OpenLeases } from './domain/open-leases.ts'
import { quotas } from './domain/quotas.ts'
import type { Party } from './domain/task.ts'
import type { Logger } from './logger.ts'
import { createServerBus } from './server-bus.ts'
import type { GrantHolder, LeaseClaims } from './tokens.ts'
import { createVerdictWriter } from './verdict-writer.ts'

/** How often leases are ended, and chunks cut where tasks run short. */
const tendEveryMs = 500
/** The same where a device has just been sent away empty-handed. */
const tendSoonMs = 20

export interface Grant extends LeaseClaims, GrantHolder {
  readonly expiresAt: number
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

type LeaseFrom = (chunk: Chunk, party: Party, expiresAt: number) => TaskLeased | undefined

/**
 * Hands out work from memory and folds what comes back. What it knows is the chunks that it holds in the database's
 * name; another server, or this one after a restart, comes to the same state by folding the same log.
 */
export function createDispatcher(input: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly serverId: string
  readonly now: () => number
  readonly random: () => number
  readonly log: Logger
}) {
  const { database, blobs, serverId, now, random, log } = input
  const jobs = new Map<bigint, ActiveJob>()
  const stopping = new AbortController()
  const bus = createServerBus(database)
  const openLeases = new OpenLeases()
  const writer = createVerdictWriter({ database, serverId, now, signal: stopping.signal, addOutput })
  const keeper = createChunkKeeper({ database, serverId, jobs, writer, bus, openLeases, log })
  let renewedAt = Number.NEGATIVE_INFINITY
  let tending: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function addOutput(jobId: bigint, summary: unknown, output: Buffer): unknown {
    const descriptor = jobs.get(jobId)?.kernel.descriptor
    if (descriptor === undefined) return summary
    try {
      return descriptor.addOutput(summary, descriptor.decodeOutput(output))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      // Accepted under another version of the kernel: the verdict stands, the picture goes without.
      log.warn('An accepted output could not be decoded', { jobId, error })
      return summary
    }
  }

  /** Jobs whose kernel this version knows and this server has the bytes of. */
  async function loadJobs(): Promise<void> {
    for (const row of await listJobs(database)) {
      if (jobs.has(row.id) || !(await blobs.has(row.kernelDigest.toString('hex') as Digest))) continue
      const job = activateJob(row, [...jobs.values()])
      if (job !== undefined) jobs.set(row.id, job)
    }
  }

  async function tend(): Promise<void> {
    for (const job of jobs.values())
      for (const chunk of job.chunks.values()) job.served -= chunk.expire(now()) * job.credit
    // Not the clock on the wall: it may be set back, and the claims would end.
    if (performance.now() - renewedAt >= renewEveryMs) {
      await loadJobs()
      await keeper.renew()
      renewedAt = performance.now()
    }
    await keeper.cut()
  }

  function tendIn(delayMs: number): void {
    if (tending !== undefined || stopping.signal.aborted) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      tending = tend()
        .catch((error: unknown) => {
          if (!isRetryable(error)) log.error('Chunks could not be tended', { error })
        })
        .finally(() => {
          tending = undefined
          tendIn(tendEveryMs)
        })
    }, delayMs)
  }

  /** Second opinions before fresh tasks, so that what has been returned is soon judged; among jobs, the least served. */
  function leaseAll(wanted: WorkWanted): Grant[] {
    const { party, isHouse, seconds, lanes } = wanted
    const most = Math.min(wanted.most, quotas.openLeases - openLeases.of(party.deviceId))
    const grants: Grant[] = []
    let filled = 0
    const kinds: LeaseFrom[] = [(chunk, who, expiresAt) => chunk.leaseReplica(who, expiresAt, random)]
    // The operator's own device gives second opinions only: where nobody else computes, it has nothing to do.
    if (!isHouse) kinds.push((chunk, who, expiresAt) => chunk.leaseFresh(who, expiresAt, random))
    for (const leaseFrom of kinds) {
      // A chunk that had nothing for this device once has nothing for it in this request.
      const places = new Map([...jobs.values()].map(job => [job, [...job.chunks.values()]]))
      while (grants.length < most && (filled < seconds || grants.length < lanes)) {
        const grant = leaseOne(places, party, leaseFrom)
        if (grant === undefined) break
        filled += grant.job.credit
        grants.push(grant)
      }
    }
    return grants
  }

  function leaseOne(places: Map<ActiveJob, Chunk[]>, party: Party, leaseFrom: LeaseFrom): Grant | undefined {
    for (const job of leastServedFirst([...places.keys()])) {
      const chunks = places.get(job) as Chunk[]
      const expiresAt = now() + leaseMs(job.credit)
      for (let chunk = chunks[0]; chunk !== undefined; chunk = chunks[0]) {
        const leased = leaseFrom(chunk, party, expiresAt)
        if (leased !== undefined) {
          job.served += job.credit
          job.leasedLately++
          const { deviceId, accountId } = party
          return { job, jobId: job.jobId, ...leased, deviceId, accountId, expiresAt }
        }
        chunks.shift()
      }
      places.delete(job)
    }
    return undefined
  }

  return {
    jobs: jobs as ReadonlyMap<bigint, ActiveJob>,

    /** @throws {DatabaseUnavailableError} */
    async start(): Promise<void> {
      // Before the first chunk: what is told while its log is read must not be missed.
      await bus.listen(message => {
        const job = jobs.get(message.jobId)
        if (job === undefined) return
        if (message.kind === 'results') keeper.catchUp(job, message.lo)
        else if (chunkOf(job, message.index)?.release(message.index, message.deviceId)) job.served -= job.credit
      }, keeper.catchUpAll)
      await tend()
      tendIn(tendEveryMs)
    },

    /** Hands out work until the seconds are filled and every lane has something. */
    lease(wanted: WorkWanted): Grant[] {
      const isWanted = wanted.seconds > 0 || wanted.lanes > 0
      const grants = isWanted ? leaseAll(wanted) : []
      if (isWanted && grants.length === 0 && !wanted.isHouse) tendIn(tendSoonMs)
      return grants
    },

    /**
     * Takes note of results that the log holds, also of those that were reported before: the first report may have been
     * stored by a server that ended before it could fold it. Resolves once those that came after their verdict have
     * their credit.
     */
    async returned(results: readonly (NewResult & { readonly appended: Appended })[]): Promise<void> {
      const verdicts = new Map<Chunk, { job: ActiveJob; verdicts: NewVerdict[] }>()
      const late: TaskKey[] = []
      const elsewhere = new Map<string, { jobId: bigint; lo: bigint }>()
      for (const { jobId, index, appended, ...vote } of results) {
        const job = jobs.get(jobId)
        const chunk = job && chunkOf(job, index)
        if (job === undefined || chunk === undefined) {
          late.push({ jobId, index })
          const lo = job && chunkStart(job, index)
          if (lo !== undefined) elsewhere.set(`${jobId} ${lo}`, { jobId, lo })
          continue
        }
        // Of a repeat the log has the first ballot, which may differ from what came now.
        if (appended !== 'fresh' && !chunk.hasVote(index, vote.replica)) keeper.catchUp(job, chunk.lo)
        const wasPending = chunk.judgement(index).state === 'pending'
        const judgement = appended === 'fresh' ? chunk.fold(index, vote) : chunk.judgement(index)
        if (!wasPending) late.push({ jobId, index })
        else if (judgement.state !== 'pending') {
          const entry = verdicts.get(chunk) ?? { job, verdicts: [] }
          entry.verdicts.push(...toVerdict({ jobId, index }, judgement))
          verdicts.set(chunk, entry)
        }
        if (chunk.isJudged) keeper.letGo(job, chunk)
      }
      for (const [chunk, { job, verdicts: own }] of verdicts) keeper.settle(writer.recordVerdicts(own), job, chunk)
      for (const place of elsewhere.values()) await bus.tell({ kind: 'results', ...place })
      await writer.creditLateVotes(late)
    },

    /** Takes a lease back: the task is at once free for another device. */
    async release({ jobId, index, deviceId }: LeaseClaims & GrantHolder): Promise<void> {
      const job = jobs.get(jobId)
      if (job === undefined) return
      const chunk = chunkOf(job, index)
      if (chunk === undefined) await bus.tell({ kind: 'release', jobId, index, deviceId })
      else if (chunk.release(index, deviceId)) job.served -= job.credit
    },

    /** Lets go of all chunks, so that whoever is next need not wait for the claims to end. */
    async stop(): Promise<void> {
      clearTimeout(timer)
      stopping.abort()
      await tending
      await writer.idle()
      await releaseChunks(database, serverId).catch((error: unknown) => {
        // Where the database is away, the claims end by themselves.
        if (!isRetryable(error)) throw error
      })
    },
  }
}

export type Dispatcher = ReturnType<typeof createDispatcher>

import { performance } from 'node:perf_hooks'
import type { Digest } from '../protocol/digest.ts'
import { type ActiveJob, activateJob, chunkStart, hasWork } from './active-job.ts'
import type { BlobStore } from './blobs.ts'
import { createBookkeeper } from './bookkeeper.ts'
import { createChunkKeeper } from './chunk-keeper.ts'
import { releaseChunks, renewEveryMs } from './db/chunks.ts'
import { type Database, isRetryable } from './db/database.ts'
import { listJobs } from './db/jobs.ts'
import { mayLeaseFrom, mostLeases } from './domain/back-off.ts'
import type { Asker, Chunk, Folded, TaskLeased } from './domain/chunk.ts'
import { type CheckRecord, credibilityOf, houseCredibility, isEstablished, newRecord } from './domain/credibility.ts'
import { leastServed } from './domain/fair-share.ts'
import { foldEstablishedShare } from './domain/fit-partner.ts'
import { leaseMs } from './domain/lease-time.ts'
import { OpenLeases } from './domain/open-leases.ts'
import { drawsProbe } from './domain/probe.ts'
import { quotas } from './domain/quotas.ts'
import type { Party } from './domain/task.ts'
import type { KnownDevice, KnownDevices } from './known-devices.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import { createResultLog } from './result-log.ts'
import type { Secrecy } from './secrecy.ts'
import { createServerBus } from './server-bus.ts'

/** How often leases are ended, chunks cut where tasks run short, and sealed where all is judged. */
const tendEveryMs = 500
/** The same where a device has just been sent away empty-handed. */
const tendSoonMs = 20
/** Claims that were renewed longer ago than this have ended, or will. */
const claimsLateMs = 3 * renewEveryMs

export interface Grant {
  readonly job: ActiveJob
  readonly index: bigint
  readonly replica: number
  readonly expiresAt: number
}

export interface WorkWanted {
  readonly party: Party
  readonly isHouse: boolean
  readonly device: KnownDevice
  /** Seconds of the reference core. */
  readonly seconds: number
  /** At least so many leases, if there are as many tasks. */
  readonly lanes: number
  readonly most: number
}

export type Leased =
  | { readonly kind: 'leased'; readonly grants: readonly Grant[] }
  /** Results of this account were found wrong: it waits. */
  | { readonly kind: 'paused'; readonly until: number }

type LeaseFrom = (chunk: Chunk, asker: Asker, expiresAt: number) => TaskLeased | undefined

/** A job that a request may be given work of. */
interface Place {
  readonly job: ActiveJob
  readonly asker: Asker
  readonly expiresAt: number
  /** Leases that it may still give to this request. */
  left: number
}

/**
 * Hands out work from memory and folds what comes back. What it knows is the chunks that it holds in the database's
 * name; another server, or this one after a restart, comes to the same state by folding the same log.
 */
export function createDispatcher(input: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly serverId: string
  readonly known: KnownDevices
  readonly secrecy: Secrecy
  /** A server for its operator alone, where earnings vest at once. */
  readonly isLocal: boolean
  readonly now: () => number
  readonly random: () => number
  readonly log: Logger
  readonly metrics: Metrics
}) {
  const { database, blobs, serverId, known, secrecy, isLocal, now, random, log, metrics } = input
  const jobs = new Map<bigint, ActiveJob>()
  const stopping = new AbortController()
  const bus = createServerBus(database)
  const openLeases = new OpenLeases()
  const bookkeeper = createBookkeeper({
    database,
    serverId,
    known,
    isLocal,
    now,
    log,
    onLost: held => keeper.letGo(held),
  })
  const results = createResultLog({
    database,
    serverId,
    onFolded(held, vote, folded) {
      countFolded(folded)
      bookkeeper.note(held, vote.offset, folded)
      keeper.noteVerdict(held, vote, folded)
    },
    onLost: held => keeper.letGo(held),
    onSent: chunks => void bus.tell(chunks.map(({ jobId, lo }) => ({ kind: 'results', jobId, lo }))).catch(noteMissed),
  })
  const keeper = createChunkKeeper({
    database,
    serverId,
    jobs,
    secrecy,
    openLeases,
    now,
    log,
    onHeld: bookkeeper.noteAll,
    onLetGo: bookkeeper.forget,
    drain: results.drain,
  })
  let establishedShare = 0
  let renewedAt = Number.NEGATIVE_INFINITY
  let tending: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function countFolded({ before, after }: Folded): void {
    if (after === before) return
    metrics.resultsAppended(1)
    const { state } = after.judgement
    if (before.judgement.state === 'pending' && state !== 'pending') metrics.verdicts(state, 1)
    const standing = after.standings.at(-1)
    if (before.judgement.state !== 'accepted' || standing === 'waiting' || standing === 'unpaid') return
    metrics.probes(standing === 'accepted' ? 'passed' : 'failed', 1)
  }

  const allChunks = () => [...jobs.values()].flatMap(job => [...job.chunks.values()])
  const sumChunks = (of: (chunk: Chunk) => number) => allChunks().reduce((sum, { chunk }) => sum + of(chunk), 0)
  metrics.watch({
    openLeases: () => sumChunks(chunk => chunk.leased),
    awaiting: () => sumChunks(chunk => chunk.awaiting),
    chunks: () => allChunks().length,
    appendQueue: results.queued,
    flushQueue: bookkeeper.queued,
  })

  /** What servers tell each other only saves time. */
  function noteMissed(error: unknown): void {
    if (!isRetryable(error)) log.warn('Other servers could not be told', { error })
  }

  /** Jobs whose kernel this version knows and this server has the bytes of. */
  async function loadJobs(): Promise<void> {
    for (const row of await listJobs(database)) {
      if (jobs.has(row.id) || !(await blobs.has(row.kernelDigest.toString('hex') as Digest))) continue
      const job = activateJob(row, [...jobs.values()].filter(hasWork))
      if (job !== undefined) jobs.set(row.id, job)
    }
  }

  async function tend(): Promise<void> {
    for (const job of jobs.values()) for (const { chunk } of job.chunks.values()) takeBack(job, chunk.expire(now()))
    keeper.sealFinal()
    // Not the clock on the wall: it may be set back, and the claims would end.
    if (performance.now() - renewedAt >= renewEveryMs) {
      await loadJobs()
      await keeper.renew()
      renewedAt = performance.now()
    }
    await keeper.cut()
  }

  const shareOf = ({ credit, row }: ActiveJob) => credit / row.weight
  function takeBack(job: ActiveJob, leases: number): void {
    job.served -= leases * shareOf(job)
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

  const credibility = (isHouse: boolean, record: CheckRecord) => (isHouse ? houseCredibility : credibilityOf(record))

  /** Jobs that may give this device work, and how much. @returns when it may ask again, where it has to wait everywhere */
  function findPlaces({ party, isHouse, device, seconds, lanes, most }: WorkWanted): Place[] | number {
    const places: Place[] = []
    let barredUntil = Number.POSITIVE_INFINITY
    for (const job of jobs.values()) {
      const record = device.records.get(job.kernelDigest) ?? newRecord
      const from = isHouse ? 0 : mayLeaseFrom(record)
      if (from > now()) {
        barredUntil = Math.min(barredUntil, from)
        continue
      }
      establishedShare = foldEstablishedShare(establishedShare, isHouse || isEstablished(record))
      const queued = Math.max(seconds / Math.max(1, lanes), job.credit)
      places.push({
        job,
        asker: { ...party, credibility: credibility(isHouse, record), establishedShare },
        expiresAt: now() + leaseMs(job.credit, device.slowness, queued),
        left: isHouse ? most : mostLeases(record, most),
      })
    }
    return places.length === 0 && barredUntil < Number.POSITIVE_INFINITY ? barredUntil : places
  }

  const leaseProbe: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseProbe(asker, expiresAt, random)
  const leaseFitting: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseReplica(asker, expiresAt, random, true)
  const leaseFresh: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseFresh(asker, expiresAt, random)
  const leaseAny: LeaseFrom = (chunk, asker, expiresAt) => chunk.leaseReplica(asker, expiresAt, random, false)

  /**
   * Second opinions before fresh tasks, so that what has been returned is soon judged, and now and then a probe; among
   * jobs, the least served.
   */
  function leaseAll(wanted: WorkWanted, places: readonly Place[]): Grant[] {
    const { party, isHouse, device, seconds, lanes } = wanted
    const most = Math.min(wanted.most, quotas.openLeases - openLeases.of(party.deviceId))
    const grants: Grant[] = []
    let filled = 0
    // The operator's own device gives second opinions only: where nobody else computes, it has nothing to do.
    const kinds = isHouse ? [leaseAny] : [leaseFitting, leaseFresh, leaseAny]
    for (const leaseFrom of kinds) {
      // A job that had nothing for this device once has nothing of this kind for it in this request.
      const open = new Set(places)
      while (grants.length < most && (filled < seconds || grants.length < lanes)) {
        const isProbe = !isHouse && drawsProbe(random())
        const grant =
          (isProbe ? leaseOne(new Set(places), device, leaseProbe) : undefined) ?? leaseOne(open, device, leaseFrom)
        if (grant === undefined) break
        filled += grant.job.credit
        grants.push(grant)
      }
    }
    return grants
  }

  /** @param open loses the jobs that have nothing */
  function leaseOne(open: Set<Place>, device: KnownDevice, leaseFrom: LeaseFrom): Grant | undefined {
    for (;;) {
      const place = leastServed(open, device.latestJob)
      if (place === undefined) return undefined
      const { job, asker, expiresAt } = place
      for (const { chunk } of place.left > 0 ? job.chunks.values() : []) {
        const leased = leaseFrom(chunk, asker, expiresAt)
        if (leased === undefined) continue
        place.left--
        takeBack(job, -1)
        if (leased.replica === 0) job.startedLately++
        device.latestJob = job.jobId
        return { job, index: chunk.lo + BigInt(leased.offset), replica: leased.replica, expiresAt }
      }
      open.delete(place)
    }
  }

  return {
    jobs: jobs as ReadonlyMap<bigint, ActiveJob>,
    append: results.append,

    /** @throws {DatabaseUnavailableError} */
    async start(): Promise<void> {
      // Before the first chunk: what is told while its log is read must not be missed.
      await bus.listen(message => {
        const job = jobs.get(message.jobId)
        if (job === undefined) return
        if (message.kind === 'results') keeper.catchUp(job, message.lo)
        else {
          const lo = chunkStart(job, message.index)
          const isHeld = job.chunks.get(lo)?.chunk.release(Number(message.index - lo), message.deviceId) ?? false
          if (isHeld) takeBack(job, 1)
        }
      }, keeper.catchUpAll)
      bookkeeper.start()
      await tend()
      tendIn(tendEveryMs)
    },

    /** Whether this server still holds what it hands out work of. */
    checkClaims() {
      const seconds = Math.round((performance.now() - renewedAt) / 1000)
      const detail = `The claims of ${allChunks().length} chunks were renewed ${seconds} s ago.`
      return { ok: seconds * 1000 < claimsLateMs, detail }
    },

    /** What a result of this device is believed now. */
    credibilityOf: (job: ActiveJob, device: KnownDevice, isHouse: boolean): number =>
      credibility(isHouse, device.records.get(job.kernelDigest) ?? newRecord),

    /** Hands out work until the seconds are filled and every lane has something. */
    lease(wanted: WorkWanted): Leased {
      if (wanted.seconds <= 0 && wanted.lanes <= 0) return { kind: 'leased', grants: [] }
      const places = findPlaces(wanted)
      if (typeof places === 'number') return { kind: 'paused', until: places }
      const grants = leaseAll(wanted, places)
      if (grants.length === 0 && !wanted.isHouse) tendIn(tendSoonMs)
      return { kind: 'leased', grants }
    },

    /** Takes leases back: their tasks are at once free for other devices. */
    async release(leases: readonly { jobId: bigint; index: bigint }[], deviceId: bigint): Promise<void> {
      const elsewhere: { kind: 'release'; jobId: bigint; index: bigint; deviceId: bigint }[] = []
      for (const { jobId, index } of leases) {
        const job = jobs.get(jobId)
        if (job === undefined) continue
        const lo = chunkStart(job, index)
        const held = job.chunks.get(lo)
        if (held === undefined) elsewhere.push({ kind: 'release', jobId, index, deviceId })
        else if (held.chunk.release(Number(index - lo), deviceId)) takeBack(job, 1)
      }
      await bus.tell(elsewhere)
    },

    /** Writes down what is folded and lets go of all chunks, so that whoever is next need not wait for the claims to end. */
    async stop(): Promise<void> {
      clearTimeout(timer)
      stopping.abort()
      await tending
      await keeper.idle()
      await results.idle()
      await bookkeeper.stop()
      await releaseChunks(database, serverId).catch((error: unknown) => {
        // Where the database is away, the claims end by themselves.
        if (!isRetryable(error)) throw error
      })
    },
  }
}

export type Dispatcher = ReturnType<typeof createDispatcher>

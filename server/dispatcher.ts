import { performance } from 'node:perf_hooks'
import { type ActiveJob, activateJob, chunkStart, hasWork, isStuck, takeBack } from './active-job.ts'
import { createBookkeeper } from './bookkeeper.ts'
import { createChunkKeeper } from './chunk-keeper.ts'
import { changeJobState } from './db/change-job-state.ts'
import { releaseChunks, renewEveryMs } from './db/chunks.ts'
import { type Database, isRetryable } from './db/database.ts'
import { findJobs, type JobRow, listOpenJobs, type OpenJobRow } from './db/jobs.ts'
import type { Chunk, Folded } from './domain/chunk.ts'
import { newRecord } from './domain/credibility.ts'
import { OpenLeases } from './domain/open-leases.ts'
import type { JobKernel, JobKernels } from './job-kernel.ts'
import type { KnownDevice, KnownDevices } from './known-devices.ts'
import { createLeasing, type Leased, type WorkWanted, weigh } from './leasing.ts'
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

/**
 * Hands out work from memory and folds what comes back. What it knows is the chunks that it holds in the database's
 * name; another server, or this one after a restart, comes to the same state by folding the same log.
 */
export function createDispatcher(input: {
  readonly database: Database
  readonly jobKernels: JobKernels
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
  const { database, jobKernels, serverId, known, secrecy, isLocal, now, random, log, metrics } = input
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
      countSpent(held.job, folded)
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
  const lease = createLeasing({ jobs, openLeases, now, random })
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

  function countSpent(job: ActiveJob, { before, after }: Folded): void {
    if (job.row.budget === undefined || after === before) return
    const accepted = ({ standings }: Folded['after']) => standings.filter(standing => standing === 'accepted').length
    const spent = BigInt(accepted(after) - accepted(before)) * job.row.microCredits
    job.spent += spent
    job.spentLately += spent
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

  /** A store that is away, or one job that cannot be read, must not cost the claims of all others. */
  async function findKernel(row: JobRow): Promise<JobKernel | undefined> {
    try {
      return (await jobKernels.isStored(row)) ? await jobKernels.of(row) : undefined
    } catch (error) {
      log.warn('A job could not be loaded, and will be tried again', { jobId: `${row.id}`, error })
      return undefined
    }
  }

  /** Jobs whose kernel this version knows and this server has the bytes of, as they stand now. */
  async function loadJobs(): Promise<void> {
    const rows = await listOpenJobs(database)
    const unknown = new Map<bigint, OpenJobRow>()
    for (const row of rows) {
      const known = jobs.get(row.id)
      if (known !== undefined) await follow(known, row)
      else unknown.set(row.id, row)
    }
    // What a job is never changes, and some have megabytes of it: only where it stands is asked every few seconds.
    for (const row of unknown.size === 0 ? [] : await findJobs(database, [...unknown.keys()])) {
      const kernel = await findKernel(row)
      // Whoever loaded it meanwhile may hold chunks of it.
      if (kernel === undefined || jobs.has(row.id)) continue
      const others = [...jobs.values()].filter(hasWork)
      jobs.set(row.id, activateJob({ ...row, spent: unknown.get(row.id)?.spent ?? 0n }, kernel, others))
    }
    const open = new Set(rows.map(({ id }) => id))
    for (const { jobId, chunks } of jobs.values()) if (!open.has(jobId) && chunks.size === 0) jobs.delete(jobId)
  }

  async function follow(job: ActiveJob, { state, spent }: OpenJobRow): Promise<void> {
    const isSettled = job.spentLately === 0n
    // Rather too much than too little for a moment: what came lately may be written down already, or not yet.
    job.spent = spent + job.spentLately
    job.spentLately = 0n
    if (state === 'canceled' && job.state !== 'canceled') for (const { chunk } of job.chunks.values()) chunk.close()
    job.state = state
    if (
      isSettled &&
      isStuck(job) &&
      (await changeJobState(database, { id: job.jobId, from: ['active'], to: 'outOfBudget' }))
    )
      job.state = 'outOfBudget'
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

    /** A job has begun, or stands somewhere else: looks at once, not when it would anyway. */
    async lookAtJobs(): Promise<void> {
      await loadJobs()
      tendIn(0)
    },

    /** Whether this server still holds what it hands out work of. */
    checkClaims() {
      const seconds = Math.round((performance.now() - renewedAt) / 1000)
      const detail = `The claims of ${allChunks().length} chunks were renewed ${seconds} s ago.`
      return { ok: seconds * 1000 < claimsLateMs, detail }
    },

    /** What a result of this device is believed now. */
    credibilityOf: (job: ActiveJob, device: KnownDevice, isHouse: boolean): number =>
      weigh(isHouse, device.records.get(job.kernelDigest) ?? newRecord),

    /** Hands out work until the seconds are filled and every lane has something. */
    lease(wanted: WorkWanted): Leased {
      if (wanted.seconds <= 0 && wanted.lanes <= 0) return { kind: 'leased', grants: [] }
      const leased = lease(wanted)
      if (leased.kind === 'leased' && leased.grants.length === 0 && !wanted.isHouse) tendIn(tendSoonMs)
      return leased
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

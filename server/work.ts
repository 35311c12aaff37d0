import type { LeaseToken } from '../protocol/ids.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import { type GrantPlace, leaseToken, parseLeaseToken } from '../protocol/lease-token.ts'
import { workLimits } from '../protocol/work.ts'
import type { GrantedJob, GrantedWork, ReceivedWorkRequest, ReportedResult } from '../protocol/work-codec.ts'
import { createBatcher } from './batcher.ts'
import { digestOf } from './blobs.ts'
import { appendResults, findOwn, type NewResult } from './db/append-results.ts'
import type { Database } from './db/database.ts'
import type { Dispatcher, Grant } from './dispatcher.ts'
import { ForgedLeaseError, LeaseLostError, OutputTooLargeError } from './errors.ts'
import type { GrantClaims, LeaseClaims, Session, Tokens } from './tokens.ts'

/** When a device that found no work should ask again. */
const retryAfterSeconds = { house: 1, volunteer: 3 }
/** Answers kept for devices that may ask again because the first answer never came. */
const answersKept = 20_000

type OpenedLease = LeaseClaims & Pick<GrantClaims, 'expiresAt'>

interface Report {
  readonly finished: ReportedResult
  readonly claims: OpenedLease
}

const tokensOf = (leases: readonly GrantPlace[]): LeaseToken[] =>
  leases.map(({ grant, place }) => leaseToken(grant, place))

/** The one round trip of a device: stores what it finished, and leases it new work. */
export function createWork(input: {
  readonly database: Database
  readonly dispatcher: Dispatcher
  readonly tokens: Tokens
  readonly serverId: string
  readonly now: () => number
}) {
  const { database, dispatcher, tokens, serverId, now } = input
  const log = createBatcher((results: readonly NewResult[]) =>
    appendResults(database, { results, serverId, now: new Date(now()) }),
  )
  /** The latest answer of each device, the device that asked last at the end. */
  const answers = new Map<bigint, { requestId: string; answer: Promise<GrantedWork> }>()

  /** @returns each lease as it was granted, in order. @throws {ForgedLeaseError} */
  function openLeases(session: Session, leases: readonly GrantPlace[]): OpenedLease[] {
    const grants = new Map<Uint8Array, GrantClaims | undefined>()
    const forged: GrantPlace[] = []
    const opened = leases.flatMap((lease): OpenedLease[] => {
      const { grant, place } = lease
      if (!grants.has(grant)) grants.set(grant, tokens.openGrant(grant, session))
      const claims = grants.get(grant)
      const one = claims?.leases[place]
      if (claims && one) return [{ ...one, expiresAt: claims.expiresAt }]
      forged.push(lease)
      return []
    })
    if (forged.length > 0) throw new ForgedLeaseError(tokensOf(forged))
    return opened
  }

  /** @throws {LeaseLostError} unless what came too late is the repeat of a result that came in time */
  async function refuseLate(session: Session, reports: readonly Report[]): Promise<void> {
    const late = reports.filter(({ claims }) => claims.expiresAt <= now())
    const keys = late.map(({ finished, claims }) => ({ ...claims, ...session, finished }))
    const own = new Set(await findOwn(database, keys))
    const lost = keys.filter(key => !own.has(key))
    if (lost.length > 0) throw new LeaseLostError(tokensOf(lost.map(({ finished }) => finished)))
  }

  /** @throws {OutputTooLargeError} */
  function toResults(session: Session, reports: readonly Report[]): NewResult[] {
    const cap = kernelLimits.outputBytes
    const tooLarge = reports.filter(
      ({ finished: { outcome } }) => outcome.kind === 'output' && outcome.output.length > cap,
    )
    if (tooLarge.length > 0) throw new OutputTooLargeError(tokensOf(tooLarge.map(({ finished }) => finished)), cap)
    return reports.map(({ finished: { outcome, elapsedMs }, claims }): NewResult => {
      const base = {
        jobId: claims.jobId,
        index: claims.index,
        replica: claims.replica,
        accountId: session.accountId,
        deviceId: session.deviceId,
        network: session.network,
        elapsedMs,
      }
      if (outcome.kind === 'failed') return { ...base, ballot: outcome, output: undefined }
      const { output } = outcome
      const refusal = refuseOutput(claims, output)
      return refusal === undefined
        ? { ...base, ballot: { kind: 'output', digest: digestOf(output) }, output }
        : { ...base, ballot: { kind: 'failed', reason: refusal }, output: undefined }
    })
  }

  /** What is no output of the kernel is the code's own failure, or a device's lie: others will tell. */
  function refuseOutput({ jobId }: LeaseClaims, output: Uint8Array): string | undefined {
    try {
      dispatcher.jobs.get(jobId)?.kernel.descriptor.decodeOutput(output)
      return undefined
    } catch (error) {
      if (error instanceof RangeError) return 'The output is not one of this kernel.'
      throw error
    }
  }

  /** @returns how many results of the report are stored, now or before: all of them */
  async function store(session: Session, finished: readonly ReportedResult[]): Promise<number> {
    if (finished.length === 0) return 0
    const opened = openLeases(session, finished)
    const reports = finished.map((one, at): Report => ({ finished: one, claims: opened[at] as OpenedLease }))
    await refuseLate(session, reports)
    const results = toResults(session, reports)
    const appended = await log.add(results)
    const stored = results.flatMap((result, at) => {
      const became = appended[at]
      return became === undefined || became === 'taken' ? [] : [{ ...result, appended: became }]
    })
    await dispatcher.returned(stored)
    const taken = reports.filter((_, at) => appended[at] === 'taken')
    if (taken.length > 0) throw new LeaseLostError(tokensOf(taken.map(({ finished }) => finished)))
    return stored.length
  }

  function toAnswer(session: Session, stored: number, granted: readonly Grant[]): GrantedWork {
    const jobs: GrantedJob[] = []
    const places = new Map<bigint, number>()
    for (const { job } of granted) {
      if (places.has(job.jobId)) continue
      places.set(job.jobId, jobs.length)
      jobs.push({
        jobId: job.jobId,
        kernelId: job.row.kernelId,
        kernelDigest: job.row.kernelDigest,
        credit: job.credit,
        memoryCapBytes: kernelLimits.memoryBytes,
        outputCapBytes: kernelLimits.outputBytes,
      })
    }
    const expiresAt = granted.reduce((latest, lease) => Math.max(latest, lease.expiresAt), 0)
    return {
      stored,
      retryAfterSeconds: retryAfterSeconds[session.isHouse ? 'house' : 'volunteer'],
      expiresAt,
      grant: granted.length === 0 ? new Uint8Array() : tokens.signGrant({ ...session, expiresAt, leases: granted }),
      jobs,
      leases: granted.map(({ job: { jobId, kernel }, index }) => ({
        job: places.get(jobId) ?? 0,
        index,
        input: kernel.descriptor.encodeInput(kernel.parameters, index),
      })),
    }
  }

  async function answer(session: Session, request: ReceivedWorkRequest): Promise<GrantedWork> {
    const stored = await store(session, request.finished)
    const { isHouse, ...party } = session
    const wanted = { party, isHouse, seconds: request.seconds, lanes: request.lanes, most: workLimits.leasesPerRequest }
    return toAnswer(session, stored, dispatcher.lease(wanted))
  }

  return {
    /**
     * Answers a device's request. The same request again gets the same answer, also while the first is under way, or
     * from another server, where only the leases may be others.
     *
     * @throws {ForgedLeaseError} {@link LeaseLostError} {@link OutputTooLargeError} and then nothing is stored
     */
    exchange(session: Session, request: ReceivedWorkRequest): Promise<GrantedWork> {
      const known = answers.get(session.deviceId)
      if (known?.requestId === request.requestId) return known.answer
      const fresh = answer(session, request)
      answers.delete(session.deviceId)
      answers.set(session.deviceId, { requestId: request.requestId, answer: fresh })
      for (const oldest of answers.keys()) {
        if (answers.size <= answersKept) break
        answers.delete(oldest)
      }
      // A refusal is not kept: the device may mend what was wrong, or the database may come back.
      fresh.catch(() => {
        if (answers.get(session.deviceId)?.answer === fresh) answers.delete(session.deviceId)
      })
      return fresh
    },

    /** Takes leases back. @throws {ForgedLeaseError} and then none is taken */
    async giveBack(session: Session, leases: readonly LeaseToken[]): Promise<void> {
      const claims = openLeases(session, leases.map(parseLeaseToken))
      await Promise.all(claims.map(one => dispatcher.release({ ...one, ...session })))
    },
  }
}

export type Work = ReturnType<typeof createWork>

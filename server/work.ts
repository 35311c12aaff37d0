import { base64UrlLength, fromBase64Url, toBase64Url } from '../protocol/bytes.ts'
import type { Digest } from '../protocol/digest.ts'
import { type JobId, type LeaseToken, taskId } from '../protocol/ids.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import { type FinishedLease, type Lease, type WorkRequest, type WorkResponse, workLimits } from '../protocol/work.ts'
import { createBatcher } from './batcher.ts'
import { digestOf } from './blobs.ts'
import { appendResults, findOwn, type NewResult } from './db/append-results.ts'
import type { Database } from './db/database.ts'
import type { Dispatcher, Grant } from './dispatcher.ts'
import { ForgedLeaseError, LeaseLostError, OutputTooLargeError } from './errors.ts'
import type { LeaseClaims, Session, Tokens } from './tokens.ts'

/** When a device that found no work should ask again. */
const retryAfterSeconds = { house: 1, volunteer: 3 }
/** Answers kept for devices that may ask again because the first answer never came. */
const answersKept = 20_000

interface Report {
  readonly finished: FinishedLease
  readonly claims: LeaseClaims
}

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
  const answers = new Map<bigint, { requestId: string; answer: Promise<WorkResponse> }>()

  /** @throws {ForgedLeaseError} */
  function openLeases(session: Session, finished: readonly FinishedLease[]): Report[] {
    const forged: LeaseToken[] = []
    const reports = finished.flatMap(item => {
      const claims = tokens.openLease(item.lease)
      if (claims?.deviceId === session.deviceId) return [{ finished: item, claims }]
      forged.push(item.lease)
      return []
    })
    if (forged.length > 0) throw new ForgedLeaseError(forged)
    return reports
  }

  /** @throws {LeaseLostError} unless what came too late is the repeat of a result that came in time */
  async function refuseLate(session: Session, reports: readonly Report[]): Promise<void> {
    const late = reports.filter(({ claims }) => claims.expiresAt <= now())
    const keys = late.map(({ finished, claims }) => ({ ...claims, ...session, lease: finished.lease }))
    const own = new Set(await findOwn(database, keys))
    const lost = keys.filter(key => !own.has(key))
    if (lost.length > 0) throw new LeaseLostError(lost.map(({ lease }) => lease))
  }

  /** @throws {OutputTooLargeError} */
  function toResults(session: Session, reports: readonly Report[]): NewResult[] {
    const cap = kernelLimits.outputBytes
    const tooLarge = reports.filter(
      ({ finished: { outcome } }) => outcome.kind === 'output' && base64UrlLength(outcome.output) > cap,
    )
    if (tooLarge.length > 0)
      throw new OutputTooLargeError(
        tooLarge.map(({ finished }) => finished.lease),
        cap,
      )
    return reports.map(({ finished: { outcome, elapsedMs }, claims }): NewResult => {
      const base = {
        jobId: claims.jobId,
        index: claims.index,
        replica: claims.replica,
        accountId: session.accountId,
        deviceId: session.deviceId,
        network: session.network,
        elapsedMs: Math.min(elapsedMs, 2 ** 31 - 1),
      }
      if (outcome.kind === 'failed') return { ...base, ballot: outcome, output: undefined }
      const output = fromBase64Url(outcome.output)
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
  async function store(session: Session, finished: readonly FinishedLease[]): Promise<number> {
    if (finished.length === 0) return 0
    const reports = openLeases(session, finished)
    await refuseLate(session, reports)
    const results = toResults(session, reports)
    const appended = await log.add(results)
    const stored = results.flatMap((result, at) => {
      const became = appended[at]
      return became === undefined || became === 'taken' ? [] : [{ ...result, appended: became }]
    })
    await dispatcher.returned(stored)
    const taken = reports.filter((_, at) => appended[at] === 'taken')
    if (taken.length > 0) throw new LeaseLostError(taken.map(({ finished: { lease } }) => lease))
    return stored.length
  }

  function toLease({ job, ...claims }: Grant): Lease {
    const { descriptor, parameters } = job.kernel
    return {
      lease: tokens.signLease(claims),
      taskId: taskId(`${job.jobId}` as JobId, claims.index),
      jobId: `${job.jobId}` as JobId,
      kernelId: job.row.kernelId,
      kernelDigest: job.row.kernelDigest.toString('hex') as Digest,
      input: toBase64Url(descriptor.encodeInput(parameters, claims.index)),
      expiresAt: new Date(claims.expiresAt).toISOString(),
      credit: job.credit,
      memoryCapBytes: kernelLimits.memoryBytes,
      outputCapBytes: kernelLimits.outputBytes,
    }
  }

  async function answer(session: Session, request: WorkRequest): Promise<WorkResponse> {
    const stored = await store(session, request.finished)
    const { isHouse, ...party } = session
    const wanted = { party, isHouse, seconds: request.seconds, lanes: request.lanes, most: workLimits.leasesPerRequest }
    const leases = dispatcher.lease(wanted).map(toLease)
    return { stored, leases, retryAfterSeconds: retryAfterSeconds[isHouse ? 'house' : 'volunteer'] }
  }

  return {
    /**
     * Answers a device's request. The same request again gets the same answer, also while the first is under way, or
     * from another server, where only the leases may be others.
     *
     * @throws {ForgedLeaseError} {@link LeaseLostError} {@link OutputTooLargeError} and then nothing is stored
     */
    exchange(session: Session, request: WorkRequest): Promise<WorkResponse> {
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

    /** @throws {ForgedLeaseError} */
    async giveBack(session: Session, lease: LeaseToken): Promise<void> {
      const claims = tokens.openLease(lease)
      if (claims?.deviceId !== session.deviceId) throw new ForgedLeaseError([lease])
      await dispatcher.release(claims)
    },
  }
}

export type Work = ReturnType<typeof createWork>

import type { LeaseToken } from '../protocol/ids.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import { parseLeaseToken } from '../protocol/lease-token.ts'
import { workLimits } from '../protocol/work.ts'
import {
  encodeWorkResponse,
  type GrantedJob,
  type GrantedWork,
  type ReceivedWorkRequest,
} from '../protocol/work-codec.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { KnownDevice, KnownDevices } from './known-devices.ts'
import type { Grant } from './leasing.ts'
import type { ReportDesk } from './report-desk.ts'
import type { Session, Tokens } from './tokens.ts'

/** When a device that found no work should ask again. */
const retryAfterSeconds = { house: 1, volunteer: 3 }
/** A device whose results were found wrong asks again no later than this, however long it has to wait. */
const longestPauseSeconds = 600
/** Two batches are ready on a device, and one is under way. */
const grantsKept = 3
const noGrant = new Uint8Array()
/** Answers kept for devices that may ask again because the first answer never came. */
const answersKept = 20_000

/** The one round trip of a device: stores what it finished, and leases it new work. */
export function createWork(input: {
  readonly dispatcher: Dispatcher
  readonly known: KnownDevices
  readonly reports: ReportDesk
  readonly tokens: Tokens
  readonly now: () => number
}) {
  const { dispatcher, known, reports, tokens, now } = input
  /** The latest answer of each device, the device that asked last at the end. */
  const answers = new Map<bigint, { requestId: string; answer: Promise<Uint8Array> }>()

  function toGrantedWork(
    session: Session,
    device: KnownDevice,
    granted: readonly Grant[],
    rest: Pick<GrantedWork, 'stored' | 'retryAfterSeconds'>,
  ): GrantedWork {
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
    const { deviceId, accountId } = session
    const leases = granted.map(({ job, index, replica }) => ({ jobId: job.jobId, index, replica }))
    const grant = granted.length === 0 ? noGrant : tokens.signGrant({ deviceId, accountId, expiresAt, leases })
    if (granted.length > 0)
      device.latestGrants = [{ bytes: grant, claims: { expiresAt, leases } }, ...device.latestGrants].slice(
        0,
        grantsKept,
      )
    return {
      ...rest,
      expiresAt,
      grant,
      jobs,
      leases: granted.map(({ job: { jobId, kernel }, index }) => ({
        job: places.get(jobId) ?? 0,
        index,
        input: kernel.encodeInput(index),
      })),
    }
  }

  async function answer(session: Session, request: ReceivedWorkRequest): Promise<Uint8Array> {
    const { deviceId, accountId, network, isHouse } = session
    const found = known.find(deviceId, accountId)
    const device = found instanceof Promise ? await found : found
    await reports.store(session, device, request.finished)
    const leased = dispatcher.lease({
      party: { deviceId, accountId, network },
      isHouse,
      device,
      seconds: request.seconds,
      lanes: request.lanes,
      most: workLimits.leasesPerRequest,
    })
    const stored = request.finished.length
    if (leased.kind === 'paused') {
      const seconds = Math.min(Math.ceil((leased.until - now()) / 1000), longestPauseSeconds)
      return encodeWorkResponse(toGrantedWork(session, device, [], { stored, retryAfterSeconds: seconds }))
    }
    const retryAfter = retryAfterSeconds[isHouse ? 'house' : 'volunteer']
    // Bytes at once: answers are kept until the device has asked again, and as objects they would be most of the memory.
    return encodeWorkResponse(toGrantedWork(session, device, leased.grants, { stored, retryAfterSeconds: retryAfter }))
  }

  return {
    /**
     * Answers a device's request, in bytes. The same request again gets the same answer, also while the first is under way, or
     * from another server, where only the leases may be others.
     *
     * @throws {ForgedLeaseError} {@link LeaseLostError} {@link OutputTooLargeError} name the results that will never count
     */
    exchange(session: Session, request: ReceivedWorkRequest): Promise<Uint8Array> {
      const before = answers.get(session.deviceId)
      if (before?.requestId === request.requestId) return before.answer
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
      await dispatcher.release(reports.openLeases(session, leases.map(parseLeaseToken)), session.deviceId)
    },
  }
}

export type Work = ReturnType<typeof createWork>

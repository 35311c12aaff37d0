import type { LeaseToken } from '../protocol/ids.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import { type GrantPlace, leaseToken } from '../protocol/lease-token.ts'
import type { ReportedResult } from '../protocol/work-codec.ts'
import { type ActiveJob, chunkStart, type HeldChunk } from './active-job.ts'
import { digestOf } from './blobs/blob-store.ts'
import type { Database } from './db/database.ts'
import { readChunkVotes } from './db/read-chunk.ts'
import type { Dispatcher } from './dispatcher.ts'
import type { LoggedVote } from './domain/task.ts'
import { ForgedLeaseError, LeaseLostError, OutputTooLargeError } from './errors.ts'
import type { KnownDevice, KnownDevices } from './known-devices.ts'
import type { Append, Appended } from './result-log.ts'
import type { GrantClaims, LeaseClaims, Session, Tokens } from './tokens.ts'

/** A reported result at its place. */
interface Received {
  readonly reported: ReportedResult
  readonly claims: LeaseClaims
  readonly job: ActiveJob
  readonly lo: bigint
  readonly offset: number
  /** Undefined where this server does not hold the chunk. */
  readonly held: HeldChunk | undefined
}

/** Votes of one chunk, with the results that they came from. */
interface Group extends Append {
  readonly received: Received[]
  readonly votes: LoggedVote[]
}

const tokensOf = (leases: readonly GrantPlace[]): LeaseToken[] =>
  leases.map(({ grant, place }) => leaseToken(grant, place))

/** Results sent to other servers that are remembered. */
const sentKept = 100_000
/** Whose, too: two servers, one after the other, may have leased one replica to two devices. */
const nameOf = ({ accountId }: Session, { jobId, index, replica }: LeaseClaims): string =>
  `${accountId} ${jobId} ${index} ${replica}`

/** Takes the results that devices report: checks them, has them stored, and says which came for nothing. */
export function createReportDesk(input: {
  readonly database: Database
  readonly dispatcher: Dispatcher
  readonly known: KnownDevices
  readonly tokens: Tokens
  readonly now: () => number
}) {
  const { database, dispatcher, known, tokens, now } = input
  const sent = new Set<string>()

  /** @returns the grant of each lease, in order. @throws {ForgedLeaseError} */
  function openGrants(
    session: Session,
    leases: readonly GrantPlace[],
    latest: KnownDevice['latestGrants'] = [],
  ): GrantClaims[] {
    const grants = new Map<Uint8Array, GrantClaims | undefined>()
    const forged: GrantPlace[] = []
    const opened: GrantClaims[] = []
    for (const lease of leases) {
      const { grant, place } = lease
      if (!grants.has(grant)) {
        const own = latest.find(({ bytes }) => Buffer.compare(bytes, grant) === 0)
        grants.set(grant, own?.claims ?? tokens.openGrant(grant, session))
      }
      const claims = grants.get(grant)
      if (claims?.leases[place] === undefined) forged.push(lease)
      else opened.push(claims)
    }
    if (forged.length > 0) throw new ForgedLeaseError(tokensOf(forged))
    return opened
  }

  /** @throws {OutputTooLargeError} */
  function refuseLarge(finished: readonly ReportedResult[]): void {
    const cap = kernelLimits.outputBytes
    const tooLarge = finished.filter(({ outcome }) => outcome.kind === 'output' && outcome.output.length > cap)
    if (tooLarge.length > 0) throw new OutputTooLargeError(tokensOf(tooLarge), cap)
  }

  /** What is no output of the kernel is the code's own failure, or a device's lie: others will tell. */
  function readOutput({ held, job, offset }: Received, output: Uint8Array): LoggedVote['said'] {
    const digest = digestOf(output)
    const replica = held?.chunk.replicaOf(offset, digest)
    if (replica !== undefined) return { kind: 'same', replica, output }
    try {
      job.kernel.checkOutput(output)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { kind: 'failed', reason: 'The output is not one of this kernel.' }
    }
    return { kind: 'output', digest, output }
  }

  /** A result that comes for a second time is stored already; one that somebody else has returned is lost. */
  async function isStored({ claims, job, lo, offset, held }: Received, session: Session): Promise<boolean> {
    const votes: readonly Pick<LoggedVote, 'replica' | 'report'>[] =
      held?.chunk.task(offset).votes ?? (await readChunkVotes(database, { jobId: job.jobId, lo }, offset))
    return votes.some(({ replica, report }) => replica === claims.replica && report.accountId === session.accountId)
  }

  function openGroup({ job, lo }: Received, session: Session, device: KnownDevice): Group {
    const { accountId, deviceId, network, isHouse } = session
    const credibility = dispatcher.credibilityOf(job, device, isHouse)
    const report = { accountId, deviceId, network, returnedAt: now(), credibility }
    return { job, lo, report, votes: [], received: [] }
  }

  function toGroups(session: Session, device: KnownDevice, all: readonly Received[]): Group[] {
    const groups: Group[] = []
    for (const one of all) {
      const { job, lo, offset, claims, reported } = one
      let group = groups.find(other => other.job === job && other.lo === lo)
      if (group === undefined) {
        group = openGroup(one, session, device)
        groups.push(group)
      }
      const { outcome, elapsedMs } = reported
      const said = outcome.kind === 'output' ? readOutput(one, outcome.output) : outcome
      group.votes.push({ report: group.report, offset, replica: claims.replica, elapsedMs, said })
      group.received.push(one)
      known.noteTime(session.deviceId, { credit: job.credit, elapsedMs })
    }
    return groups
  }

  /** What was sent to another server is not sent again: whoever repeats a report fills no inbox by it. */
  const isNews = (session: Session, { claims, held }: Received): boolean =>
    held !== undefined || !sent.has(nameOf(session, claims))

  function noteSent(session: Session, received: readonly Received[]): void {
    for (const { claims } of received) sent.add(nameOf(session, claims))
    for (const oldest of sent) {
      if (sent.size <= sentKept) break
      sent.delete(oldest)
    }
  }

  /** Results whose replica was returned by somebody else, just before. */
  async function findLost(group: Group, appended: Appended, session: Session): Promise<Received[]> {
    if (appended.kind === 'sent') return []
    const idle = group.received.filter((_, at) => {
      const folded = appended.kind === 'folded' ? appended.folded[at] : undefined
      return folded === undefined || folded.after === folded.before
    })
    const lost: Received[] = []
    for (const one of idle) if (!(await isStored(one, session))) lost.push(one)
    return lost
  }

  function refuseLost(lost: readonly ReportedResult[]): void {
    if (lost.length > 0) throw new LeaseLostError(tokensOf(lost))
  }

  return {
    /** @returns each lease as it was granted, in order. @throws {ForgedLeaseError} */
    openLeases: (session: Session, leases: readonly GrantPlace[]): LeaseClaims[] =>
      openGrants(session, leases).map(({ leases: granted }, at) => granted[leases[at]?.place ?? 0] as LeaseClaims),

    /**
     * Stores what a device reports. Resolves when it is durable, and folded where this server holds the chunk.
     *
     * @throws {ForgedLeaseError} {@link OutputTooLargeError} and then nothing is stored
     * @throws {LeaseLostError} names the results that came too late; without them the report may come again
     */
    async store(session: Session, device: KnownDevice, finished: readonly ReportedResult[]): Promise<void> {
      if (finished.length === 0) return
      const grants = openGrants(session, finished, device.latestGrants)
      refuseLarge(finished)
      const fresh: Received[] = []
      const lost: ReportedResult[] = []
      // Another server may have leased tasks of a job that this one has not seen yet.
      const isKnown = ({ leases }: GrantClaims) => leases.every(({ jobId }) => dispatcher.jobs.has(jobId))
      if (!grants.every(isKnown)) await dispatcher.lookAtJobs()
      for (const [at, reported] of finished.entries()) {
        const grant = grants[at] as GrantClaims
        const claims = grant.leases[reported.place] as LeaseClaims
        const job = dispatcher.jobs.get(claims.jobId)
        // All that are lost are named together: whoever reports drops them, and comes again with the rest.
        if (job === undefined) {
          lost.push(reported)
          continue
        }
        const lo = chunkStart(job, claims.index)
        const held = job.chunks.get(lo)
        const one = { reported, claims, job, lo, offset: Number(claims.index - lo), held }
        const isTaken = held?.chunk.hasReplica(one.offset, claims.replica) ?? false
        if (!isTaken && grant.expiresAt > now() && job.state !== 'canceled') fresh.push(one)
        else if (!(await isStored(one, session))) lost.push(reported)
      }
      refuseLost(lost)
      const groups = toGroups(
        session,
        device,
        fresh.filter(one => isNews(session, one)),
      )
      const appended = await dispatcher.append(groups)
      for (const [at, { received }] of groups.entries()) if (appended[at]?.kind === 'sent') noteSent(session, received)
      for (const [at, group] of groups.entries())
        lost.push(...(await findLost(group, appended[at] as Appended, session)).map(({ reported }) => reported))
      refuseLost(lost)
    },
  }
}

export type ReportDesk = ReturnType<typeof createReportDesk>

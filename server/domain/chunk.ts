import type { Policy } from '../../protocol/jobs.ts'
import { type Contribution, foldStanding, noContribution } from './contribution.ts'
import { isFitPartner } from './fit-partner.ts'
import type { OpenLeases } from './open-leases.ts'
import { revealsAt } from './probe.ts'
import { RandomSet } from './random-set.ts'
import {
  foldVote,
  freshTask,
  type LoggedVote,
  mayCompute,
  mayProbe,
  nextReplica,
  type Party,
  payableVotes,
  type TaskState,
  type Vote,
  wantsReplica,
} from './task.ts'

export interface ChunkInput {
  readonly lo: bigint
  readonly hi: bigint
  readonly policy: Policy
  /** Of the whole server: the chunk counts its own in. */
  readonly openLeases: OpenLeases
  /** Whether a task of this chunk may serve as a probe, by its offset. */
  readonly isProbeTask: (offset: number) => boolean
}

/** Who asks for work, and what is known of it. */
export interface Asker extends Party {
  readonly credibility: number
  /** How common established accounts are: `fit-partner.ts`. */
  readonly establishedShare: number
}

/** Which replica of which task has been leased. */
export interface TaskLeased {
  readonly offset: number
  readonly replica: number
}

/** What a fold changed. */
export interface Folded {
  readonly before: TaskState
  /** The same as before where the vote did not count: its replica was taken, or its account has voted. */
  readonly after: TaskState
}

interface Lease {
  readonly deviceId: bigint
  readonly replica: number
  readonly expiresAt: number
}

/** How many waiting tasks are tried for a device before it is told that there is nothing for it here. */
const tries = 16

/**
 * Work in flight: the tasks `lo <= index < hi` of a job, held by one server; `offset = index - lo`. Pure bookkeeping
 * without clock, chance or I/O of its own; all of it can be folded again from the log, but for the leases, which end by
 * themselves.
 */
export class Chunk {
  readonly lo: bigint
  readonly hi: bigint
  readonly size: number
  readonly counts = { accepted: 0, disputed: 0, failed: 0 }
  readonly #policy: Policy
  readonly #openLeases: OpenLeases
  readonly #isProbeTask: (offset: number) => boolean
  readonly #tasks: TaskState[]
  readonly #leases: (Lease | undefined)[]
  readonly #contributions = new Map<bigint, Contribution>()
  /** Tasks that somebody computes. */
  readonly #leased: RandomSet
  /** Tasks that nobody has returned anything for and whose lease was given back or expired. */
  readonly #again: RandomSet
  /** Tasks that wait for another account's opinion. */
  readonly #awaiting: RandomSet
  /** Accepted tasks that may be leased as probes. */
  readonly #probes: RandomSet
  /** Offsets from here on have never been handed out by this server. */
  #fresh = 0
  /** Tasks that have been handed out or returned. */
  #started = 0
  #payable = 0

  constructor({ lo, hi, policy, openLeases, isProbeTask }: ChunkInput) {
    this.lo = lo
    this.hi = hi
    this.size = Number(hi - lo)
    this.#policy = policy
    this.#openLeases = openLeases
    this.#isProbeTask = isProbeTask
    this.#tasks = new Array(this.size).fill(freshTask)
    this.#leases = new Array(this.size).fill(undefined)
    this.#leased = new RandomSet(this.size)
    this.#again = new RandomSet(this.size)
    this.#awaiting = new RandomSet(this.size)
    this.#probes = new RandomSet(this.size)
  }

  /** How many tasks could be handed out without asking for a second opinion. */
  get unstarted(): number {
    return this.size - this.#started + this.#again.size
  }

  /** How many tasks wait for another account's opinion. */
  get awaiting(): number {
    return this.#awaiting.size
  }

  /** How many replicas that are here may be paid yet. */
  get payable(): number {
    return this.#payable
  }

  get leased(): number {
    return this.#leased.size
  }

  get isJudged(): boolean {
    const { accepted, disputed, failed } = this.counts
    return accepted + disputed + failed === this.size
  }

  /** Whether nothing more can come: its log is final. */
  get isFinal(): boolean {
    return this.isJudged && this.#leased.size === 0 && this.#awaiting.size === 0
  }

  /** What accounts did here. */
  get contributions(): ReadonlyMap<bigint, Contribution> {
    return this.#contributions
  }

  task(offset: number): TaskState {
    return this.#tasks[offset] ?? freshTask
  }

  /** Whether a replica's result has been folded in. */
  hasReplica(offset: number, replica: number): boolean {
    for (const vote of this.task(offset).votes) if (vote.replica === replica) return true
    return false
  }

  /** The replica of a task that came out with this digest. */
  replicaOf(offset: number, digest: string): number | undefined {
    for (const { ballot, replica } of this.task(offset).votes)
      if (ballot.kind === 'output' && ballot.digest === digest) return replica
    return undefined
  }

  /**
   * Hands out a task that is already accepted, to see whether this party says the same: one whose verdict stays hidden
   * for as long as the lease lives.
   */
  leaseProbe(asker: Asker, expiresAt: number, random: () => number): TaskLeased | undefined {
    // Towards its end a chunk is not kept open by probes.
    if (this.isJudged) return undefined
    return this.#leaseFrom(
      this.#probes,
      asker,
      expiresAt,
      random,
      ({ judgedAt = 0 }) => revealsAt(judgedAt) > expiresAt,
    )
  }

  /** Hands out the next replica of a random task that waits for one and that this party may compute. */
  leaseReplica(asker: Asker, expiresAt: number, random: () => number, isFitOnly: boolean): TaskLeased | undefined {
    return this.#leaseFrom(
      this.#awaiting,
      asker,
      expiresAt,
      random,
      ({ votes }) => !isFitOnly || isFitPartner(votes, asker),
    )
  }

  /** Hands out a task that nobody has returned yet. */
  leaseFresh(asker: Asker, expiresAt: number, random: () => number): TaskLeased | undefined {
    const again = this.#again.at(random())
    if (again !== undefined) return this.#lease(again, asker, expiresAt)
    while (this.#fresh < this.size) {
      const offset = this.#fresh++
      if (this.task(offset) === freshTask && !this.#leased.has(offset)) {
        this.#started++
        return this.#lease(offset, asker, expiresAt)
      }
    }
    return undefined
  }

  /** Folds a returned result in, in the log's order. */
  fold(logged: LoggedVote): Folded {
    const { offset } = logged
    if (offset >= this.size) throw new RangeError(`A chunk of ${this.size} tasks has none at ${offset}.`)
    const before = this.task(offset)
    const after = foldVote(before, logged, this.#policy)
    if (after === before) return { before, after }
    const lease = this.#leases[offset]
    // The log may have results of leases that this server did not hand out, or does not remember.
    if (before === freshTask && lease === undefined && !this.#again.has(offset)) this.#started++
    this.#tasks[offset] = after
    this.#count(before, after, logged.report.returnedAt)
    // Whoever holds a lease of the replica that has come in has nothing to win any more.
    this.#place(offset, lease !== undefined && lease.replica <= logged.replica ? undefined : lease)
    return { before, after }
  }

  /** Takes a lease back before its time. @returns whether the device held it */
  release(offset: number, deviceId: bigint): boolean {
    if (this.#leases[offset]?.deviceId !== deviceId) return false
    this.#place(offset, undefined)
    return true
  }

  /** Ends every lease whose time is over. @returns how many */
  expire(now: number): number {
    let ended = 0
    for (const offset of this.#leased.values()) {
      if ((this.#leases[offset] as Lease).expiresAt > now) continue
      this.#place(offset, undefined)
      ended++
    }
    return ended
  }

  /** The chunk leaves this server's memory, and its leases with it. */
  close(): void {
    for (const offset of this.#leased.values()) this.#place(offset, undefined)
  }

  #leaseFrom(
    set: RandomSet,
    asker: Asker,
    expiresAt: number,
    random: () => number,
    isFit: (task: TaskState) => boolean,
  ): TaskLeased | undefined {
    for (let attempt = 0; attempt < Math.min(tries, set.size); attempt++) {
      const offset = set.at(random()) as number
      const task = this.task(offset)
      if (!mayCompute(task.votes, asker) || !isFit(task)) continue
      return this.#lease(offset, asker, expiresAt)
    }
    return undefined
  }

  #lease(offset: number, { deviceId }: Party, expiresAt: number): TaskLeased {
    const replica = nextReplica(this.task(offset))
    this.#place(offset, { deviceId, replica, expiresAt })
    return { offset, replica }
  }

  #count(before: TaskState, after: TaskState, at: number): void {
    this.#payable += payableVotes(after, this.#policy) - payableVotes(before, this.#policy)
    if (before.judgement.state === 'pending' && after.judgement.state !== 'pending')
      this.counts[after.judgement.state]++
    for (let place = 0; place < after.standings.length; place++) {
      const earlier = before.standings[place]
      const standing = after.standings[place]
      if (standing === undefined || earlier === standing) continue
      const { accountId } = (after.votes[place] as Vote).report
      const contribution = this.#contributions.get(accountId) ?? noContribution
      this.#contributions.set(accountId, foldStanding(contribution, earlier, standing, at))
    }
  }

  /** The one place where a lease changes, and where a task goes into the sets that fit it. */
  #place(offset: number, lease: Lease | undefined): void {
    this.#openLeases.change(this.#leases[offset]?.deviceId, lease?.deviceId)
    this.#leases[offset] = lease
    const task = this.task(offset)
    const isFree = lease === undefined
    const isWanted = isFree && wantsReplica(task)
    const hasVotes = task.votes.length > 0
    this.#leased.toggle(offset, !isFree)
    this.#awaiting.toggle(offset, isWanted && hasVotes)
    this.#again.toggle(offset, isWanted && !hasVotes)
    this.#probes.toggle(offset, isFree && mayProbe(task, this.#policy) && this.#isProbeTask(offset))
  }
}

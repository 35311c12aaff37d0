import type { Policy } from '../../protocol/jobs.ts'
import { type Contribution, foldStanding, noContribution } from './contribution.ts'
import { isFitPartner } from './fit-partner.ts'
import type { OpenLeases } from './open-leases.ts'
import { RandomSet } from './random-set.ts'
import {
  foldVote,
  freshTask,
  isExpired,
  type LoggedVote,
  mayCompute,
  mayProbe,
  nextReplica,
  type Party,
  type TaskState,
  toVote,
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
  readonly vote: Vote
}

/** How many waiting tasks are tried for a device before it is told that there is nothing for it here. */
const tries = 16
/** Outputs up to here stay in memory until their task is judged, so that equal ones are known without hashing. */
const keptOutputBytes = 256

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
  readonly #tasks = new Map<number, TaskState>()
  readonly #contributions = new Map<bigint, Contribution>()
  /** Tasks that nobody has returned anything for and whose lease was given back or expired. */
  readonly #again = new RandomSet()
  /** Tasks that wait for another account's opinion. */
  readonly #awaiting = new RandomSet()
  /** Accepted tasks that may be leased as probes. */
  readonly #probes = new RandomSet()
  readonly #leased = new Set<number>()
  /** Offsets from here on have never been handed out by this server. */
  #fresh = 0

  constructor({ lo, hi, policy, openLeases, isProbeTask }: ChunkInput) {
    this.lo = lo
    this.hi = hi
    this.size = Number(hi - lo)
    this.#policy = policy
    this.#openLeases = openLeases
    this.#isProbeTask = isProbeTask
  }

  /** How many tasks could be handed out without asking for a second opinion. */
  get unstarted(): number {
    return this.size - this.#tasks.size + this.#again.size
  }

  /** How many tasks wait for another account's opinion. */
  get awaiting(): number {
    return this.#awaiting.size
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
    return this.#tasks.get(offset) ?? freshTask
  }

  /** Whether a replica's result has been folded in. */
  hasReplica(offset: number, replica: number): boolean {
    return this.#tasks.get(offset)?.votes.some(vote => vote.replica === replica) ?? false
  }

  /** The earlier vote of a task whose output has these bytes, where they are still in memory. */
  sameOutput(offset: number, output: Uint8Array): Vote | undefined {
    return this.#tasks.get(offset)?.votes.find(vote => vote.output !== undefined && isEqual(vote.output, output))
  }

  /** Hands out a task that is already accepted, to see whether this party says the same. */
  leaseProbe(asker: Asker, expiresAt: number, random: () => number): TaskLeased | undefined {
    // Towards its end a chunk is not kept open by probes.
    return this.isJudged ? undefined : this.#leaseFrom(this.#probes, asker, expiresAt, random, false)
  }

  /** Hands out the next replica of a random task that waits for one and that this party may compute. */
  leaseReplica(asker: Asker, expiresAt: number, random: () => number, isFitOnly: boolean): TaskLeased | undefined {
    return this.#leaseFrom(this.#awaiting, asker, expiresAt, random, isFitOnly)
  }

  /** Hands out a task that nobody has returned yet. */
  leaseFresh(asker: Asker, expiresAt: number, random: () => number): TaskLeased | undefined {
    const again = this.#again.at(random())
    if (again !== undefined) return this.#lease(again, asker, expiresAt)
    while (this.#fresh < this.size) {
      const offset = this.#fresh++
      if (!this.#tasks.has(offset)) return this.#lease(offset, asker, expiresAt)
    }
    return undefined
  }

  /** Folds a returned result in, in the log's order. */
  fold(logged: LoggedVote): Folded {
    const before = this.task(logged.offset)
    const vote = toVote(logged, before.votes)
    const after = foldVote(before, this.#keepOutput(vote, before), this.#policy)
    if (after === before) return { before, after, vote }
    this.#count(before, after, vote.returnedAt)
    this.#set(logged.offset, after)
    return { before, after, vote }
  }

  /** Takes a lease back before its time. @returns whether the device held it */
  release(offset: number, deviceId: bigint): boolean {
    const task = this.#tasks.get(offset)
    if (task?.lease?.deviceId !== deviceId) return false
    this.#set(offset, { ...task, lease: undefined })
    return true
  }

  /** Ends every lease whose time is over. @returns how many */
  expire(now: number): number {
    let ended = 0
    for (const offset of this.#leased) {
      const task = this.#tasks.get(offset) as TaskState
      if (task.lease === undefined || !isExpired(task.lease, now)) continue
      this.#set(offset, { ...task, lease: undefined })
      ended++
    }
    return ended
  }

  /** The chunk leaves this server's memory, and its leases with it. */
  close(): void {
    // Not in the counts alone: a vote folded after this would take a lease off them a second time.
    for (const offset of this.#leased) this.#set(offset, { ...this.task(offset), lease: undefined })
  }

  #leaseFrom(
    set: RandomSet,
    asker: Asker,
    expiresAt: number,
    random: () => number,
    isFitOnly: boolean,
  ): TaskLeased | undefined {
    for (let attempt = 0; attempt < Math.min(tries, set.size); attempt++) {
      const offset = set.at(random()) as number
      const task = this.#tasks.get(offset) as TaskState
      if (!mayCompute(task, asker) || (isFitOnly && !isFitPartner(task.votes, asker))) continue
      return this.#lease(offset, asker, expiresAt)
    }
    return undefined
  }

  #lease(offset: number, { deviceId, accountId, network }: Party, expiresAt: number): TaskLeased {
    const task = this.task(offset)
    const replica = nextReplica(task)
    this.#set(offset, { ...task, lease: { deviceId, accountId, network, replica, expiresAt } })
    return { offset, replica }
  }

  /** Of outputs that are compared byte by byte, one of each is enough, and small ones only until the verdict. */
  #keepOutput(vote: Vote, { votes, judgement }: TaskState): Vote {
    const { output, ballot } = vote
    if (output === undefined || ballot.kind === 'failed') return vote
    const isKnown = votes.some(other => other.output !== undefined && sayTheSame(other, ballot.digest))
    const isNeeded =
      this.#policy.compare.kind === 'tolerance' || (output.length <= keptOutputBytes && judgement.state === 'pending')
    // A copy (which `slice` of a Buffer is not): the bytes are part of a request, or of a row of the log, which need not
    // stay in memory for them.
    return { ...vote, output: isNeeded && !isKnown ? new Uint8Array(output) : undefined }
  }

  #count(before: TaskState, after: TaskState, at: number): void {
    if (before.judgement.state === 'pending' && after.judgement.state !== 'pending')
      this.counts[after.judgement.state]++
    for (const [place, standing] of after.standings.entries()) {
      const earlier = before.standings[place]
      if (earlier === standing) continue
      const { accountId } = after.votes[place] as Vote
      const contribution = this.#contributions.get(accountId) ?? noContribution
      this.#contributions.set(accountId, foldStanding(contribution, earlier, standing, at))
    }
  }

  /** The one place where a task changes, so that the sets always say what the task says. */
  #set(offset: number, task: TaskState): void {
    const before = this.#tasks.get(offset) ?? freshTask
    this.#openLeases.change(before.lease?.deviceId, task.lease?.deviceId)
    this.#tasks.set(offset, task)
    const isWanted = wantsReplica(task)
    const hasVotes = task.votes.length > 0
    this.#awaiting.toggle(offset, isWanted && hasVotes)
    this.#again.toggle(offset, isWanted && !hasVotes)
    this.#probes.toggle(offset, mayProbe(task, this.#policy) && this.#isProbeTask(offset))
    if (task.lease === undefined) this.#leased.delete(offset)
    else this.#leased.add(offset)
  }
}

const sayTheSame = ({ ballot }: Vote, digest: string): boolean => ballot.kind === 'output' && ballot.digest === digest

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

import type { Policy } from '../../protocol/jobs.ts'
import type { Judgement } from './judge.ts'
import type { OpenLeases } from './open-leases.ts'
import { RandomSet } from './random-set.ts'
import {
  foldVote,
  foldVotes,
  freshTask,
  isExpired,
  mayCompute,
  nextReplica,
  type Party,
  type TaskState,
  type Vote,
  wantsReplica,
} from './task.ts'

/** A task's part of the log, as the database has it. */
export interface TaskLog {
  readonly index: bigint
  readonly votes: readonly Vote[]
  /** The verdict, where one has been recorded: it stands, whatever a new fold would say. */
  readonly recorded?: Judgement
}

export interface ChunkInput {
  readonly lo: bigint
  readonly hi: bigint
  readonly policy: Policy
  /** Of the whole server: the chunk counts its own in. */
  readonly openLeases: OpenLeases
  readonly log: readonly TaskLog[]
}

/** Which replica of which task has been leased. */
export interface TaskLeased {
  readonly index: bigint
  readonly replica: number
}

/** How many waiting tasks are tried for a device before it is told that there is nothing for it here. */
const tries = 16

/**
 * Work in flight: the tasks `lo <= index < hi` of a job, held by one server. Pure bookkeeping without clock, chance or
 * I/O of its own; all of it can be folded again from the log, but for the leases, which end by themselves.
 */
export class Chunk {
  readonly lo: bigint
  readonly hi: bigint
  readonly #policy: Policy
  readonly #openLeases: OpenLeases
  readonly #tasks = new Map<number, TaskState>()
  /** Tasks that nobody has returned anything for and whose lease was given back or expired. */
  readonly #again = new RandomSet()
  /** Tasks that wait for another account's opinion. */
  readonly #awaiting = new RandomSet()
  readonly #leased = new Set<number>()
  /** Offsets from here on have never been handed out by this server. */
  #fresh = 0
  #pending: number

  constructor({ lo, hi, policy, openLeases, log }: ChunkInput) {
    this.lo = lo
    this.hi = hi
    this.#policy = policy
    this.#openLeases = openLeases
    this.#pending = Number(hi - lo)
    for (const { index, votes, recorded } of log) {
      const folded = foldVotes(votes, policy)
      this.#set(Number(index - lo), recorded === undefined ? folded : { ...folded, judgement: recorded })
    }
  }

  /** How many tasks could be handed out without asking for a second opinion. */
  get unstarted(): number {
    return Number(this.hi - this.lo) - this.#tasks.size + this.#again.size
  }

  /** How many tasks wait for another account's opinion. */
  get awaiting(): number {
    return this.#awaiting.size
  }

  get isJudged(): boolean {
    return this.#pending === 0
  }

  judgement(index: bigint): Judgement {
    return (this.#tasks.get(Number(index - this.lo)) ?? freshTask).judgement
  }

  /** Whether a replica's result has been folded in. */
  hasVote(index: bigint, replica: number): boolean {
    return this.#tasks.get(Number(index - this.lo))?.votes.some(vote => vote.replica === replica) ?? false
  }

  /** Hands out the next replica of a random task that waits for one and that this party may compute. */
  leaseReplica(party: Party, expiresAt: number, random: () => number): TaskLeased | undefined {
    for (let attempt = 0; attempt < Math.min(tries, this.#awaiting.size); attempt++) {
      const offset = this.#awaiting.at(random()) as number
      const task = this.#tasks.get(offset) as TaskState
      if (mayCompute(task, party)) return this.#lease(offset, party, expiresAt)
    }
    return undefined
  }

  /** Hands out a task that nobody has returned yet. */
  leaseFresh(party: Party, expiresAt: number, random: () => number): TaskLeased | undefined {
    const again = this.#again.at(random())
    if (again !== undefined) return this.#lease(again, party, expiresAt)
    while (this.#fresh < Number(this.hi - this.lo)) {
      const offset = this.#fresh++
      if (!this.#tasks.has(offset)) return this.#lease(offset, party, expiresAt)
    }
    return undefined
  }

  /** Folds a returned result in. @returns the task's judgement after it */
  fold(index: bigint, vote: Vote): Judgement {
    const offset = Number(index - this.lo)
    const task = foldVote(this.#tasks.get(offset) ?? freshTask, vote, this.#policy)
    this.#set(offset, task)
    return task.judgement
  }

  /** Takes a lease back before its time. @returns whether the device held it */
  release(index: bigint, deviceId: bigint): boolean {
    const offset = Number(index - this.lo)
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
    for (const offset of this.#leased) this.#openLeases.change(this.#tasks.get(offset)?.lease?.deviceId, undefined)
    this.#leased.clear()
  }

  #lease(offset: number, { deviceId, accountId, network }: Party, expiresAt: number): TaskLeased {
    const task = this.#tasks.get(offset) ?? freshTask
    const replica = nextReplica(task)
    this.#set(offset, { ...task, lease: { deviceId, accountId, network, replica, expiresAt } })
    return { index: this.lo + BigInt(offset), replica }
  }

  /** The one place where a task changes, so that the sets always say what the task says. */
  #set(offset: number, task: TaskState): void {
    const before = this.#tasks.get(offset) ?? freshTask
    if (before.judgement.state === 'pending' && task.judgement.state !== 'pending') this.#pending--
    this.#openLeases.change(before.lease?.deviceId, task.lease?.deviceId)
    this.#tasks.set(offset, task)
    const wanted = wantsReplica(task)
    if (wanted && task.votes.length > 0) this.#awaiting.add(offset)
    else this.#awaiting.delete(offset)
    if (wanted && task.votes.length === 0) this.#again.add(offset)
    else this.#again.delete(offset)
    if (task.lease === undefined) this.#leased.delete(offset)
    else this.#leased.add(offset)
  }
}

import type { Policy } from '../../protocol/jobs.ts'
import { type Ballot, type Judgement, judge } from './judge.ts'

/** Who asks for work, or returned it. Network 0 is never told apart from another. */
export interface Party {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly network: bigint
}

export interface Vote extends Party {
  /** Which replica of the task, from 0: the log holds each once. */
  readonly replica: number
  readonly ballot: Ballot
}

export interface TaskLease extends Party {
  readonly replica: number
  readonly expiresAt: number
}

/** A task in flight: what has been returned for it, who computes it now, and what the judge says. */
export interface TaskState {
  readonly votes: readonly Vote[]
  readonly lease: TaskLease | undefined
  readonly judgement: Judgement
}

export const freshTask: TaskState = { votes: [], lease: undefined, judgement: { state: 'pending' } }

/**
 * Folds one returned result into a task. A replica that has been folded changes nothing, and an account has one ballot;
 * a vote after the verdict is kept for its credit but moves nothing.
 */
export function foldVote(task: TaskState, vote: Vote, policy: Policy): TaskState {
  if (task.votes.some(({ replica }) => replica === vote.replica)) return task
  const votes = [...task.votes, vote]
  const judgement = task.judgement.state === 'pending' ? judge(ballotsOf(votes), policy) : task.judgement
  // Whoever holds a lease of the replica that has come in has nothing to win any more.
  const lease = task.lease !== undefined && task.lease.replica <= vote.replica ? undefined : task.lease
  return { votes, lease, judgement }
}

/** The first ballot of each account. */
const ballotsOf = (votes: readonly Vote[]): Ballot[] =>
  votes
    .filter((vote, at) => votes.findIndex(({ accountId }) => accountId === vote.accountId) === at)
    .map(({ ballot }) => ballot)

/** The replica that is to be handed out next. */
export const nextReplica = ({ votes }: TaskState): number => Math.max(-1, ...votes.map(({ replica }) => replica)) + 1

/** Folds a task's part of the log, in the log's order. */
export const foldVotes = (votes: readonly Vote[], policy: Policy): TaskState =>
  votes.reduce((task, vote) => foldVote(task, vote, policy), freshTask)

/** Whether the task wants another replica now: one at a time, so that no cheat can know its partner. */
export const wantsReplica = (task: TaskState): boolean => task.judgement.state === 'pending' && task.lease === undefined

/** Whether this party may compute the task's next replica: never twice one account, device or network. */
export const mayCompute = (task: TaskState, party: Party): boolean =>
  task.votes.every(
    vote =>
      vote.accountId !== party.accountId &&
      vote.deviceId !== party.deviceId &&
      (vote.network === 0n || vote.network !== party.network),
  )

export const isExpired = (lease: TaskLease, now: number): boolean => lease.expiresAt <= now

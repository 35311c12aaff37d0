import type { Policy } from '../../protocol/jobs.ts'
import { type Ballot, type Judgement, judge } from './judge.ts'

/** Who asks for work, or returned it. Network 0 is never told apart from another. */
export interface Party {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly network: bigint
}

export interface Vote extends Party {
  readonly ballot: Ballot
}

export interface TaskLease extends Party {
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
 * Folds one returned result into a task. A second vote of an account changes nothing; a vote after the verdict is kept
 * for its credit but moves nothing.
 */
export function foldVote(task: TaskState, vote: Vote, policy: Policy): TaskState {
  if (task.votes.some(({ accountId }) => accountId === vote.accountId)) return task
  const votes = [...task.votes, vote]
  const judgement =
    task.judgement.state === 'pending'
      ? judge(
          votes.map(({ ballot }) => ballot),
          policy,
        )
      : task.judgement
  const lease = task.lease?.accountId === vote.accountId ? undefined : task.lease
  return { votes, lease, judgement }
}

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

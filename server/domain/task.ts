import type { Policy } from '../../protocol/jobs.ts'
import type { Outputs } from './cluster-outputs.ts'
import { saysAccepted, type WeighedBallot } from './group-ballots.ts'
import type { Judgement } from './judge.ts'
import { judgeByCredibility } from './judge-by-credibility.ts'
import { reviewAccepted } from './probe.ts'

/** Who asks for work, or returned it. Network 0 is never told apart from another. */
export interface Party {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly network: bigint
}

interface Returned extends Party {
  /** Which replica of the task, from 0: each counts once. */
  readonly replica: number
  /** Of its account, when it was appended to the log. */
  readonly credibility: number
  readonly elapsedMs: number
  readonly returnedAt: number
}

/** A returned result as the log has it. */
export interface LoggedVote extends Returned {
  /** Which task of its chunk. */
  readonly offset: number
  readonly said:
    | { readonly kind: 'output'; readonly digest: string; readonly output: Uint8Array }
    /** The same bytes as an earlier replica of the task. */
    | { readonly kind: 'same'; readonly replica: number }
    | { readonly kind: 'failed'; readonly reason: string }
}

export interface Vote extends Returned, WeighedBallot {
  /** Bytes of the output, where they are still needed. */
  readonly output: Uint8Array | undefined
}

/** Reads a vote of the log beside those of its task that came before it. */
export function toVote(logged: LoggedVote, earlier: readonly Vote[]): Vote {
  const { said, offset: _offset, ...returned } = logged
  switch (said.kind) {
    case 'output':
      return { ...returned, ballot: { kind: 'output', digest: said.digest }, output: said.output }
    case 'failed':
      return { ...returned, ballot: said, output: undefined }
    case 'same': {
      const same = earlier.find(({ replica }) => replica === said.replica)
      if (same === undefined)
        throw new RangeError(`Replica ${logged.replica} is like ${said.replica}, which is not there.`)
      return { ...returned, ballot: same.ballot, output: same.output }
    }
  }
}

/** What a vote came to: `unpaid` where the task failed or is disputed, and nobody is blamed. */
export type Standing = 'waiting' | 'accepted' | 'rejected' | 'unpaid'

export interface TaskLease extends Party {
  readonly replica: number
  readonly expiresAt: number
}

/** A task in flight: what has been returned for it, who computes it now, and what the judge says. */
export interface TaskState {
  readonly votes: readonly Vote[]
  /** One for each vote. */
  readonly standings: readonly Standing[]
  readonly lease: TaskLease | undefined
  readonly judgement: Judgement
  /** When the vote came that decided. */
  readonly judgedAt: number | undefined
  /** A probe of this accepted task came out differently, and nothing is proven yet. */
  readonly isContested: boolean
}

export const freshTask: TaskState = {
  votes: [],
  standings: [],
  lease: undefined,
  judgement: { state: 'pending' },
  judgedAt: undefined,
  isContested: false,
}

/**
 * Folds one returned result into a task: a pure function of what came before it in the log. A replica that has been
 * folded changes nothing, nor does a second vote of an account.
 */
export function foldVote(task: TaskState, vote: Vote, policy: Policy): TaskState {
  if (task.votes.some(({ replica, accountId }) => replica === vote.replica || accountId === vote.accountId)) return task
  const votes = [...task.votes, vote]
  const outputs = policy.compare.kind === 'exact' ? undefined : outputsOf(votes)
  // Whoever holds a lease of the replica that has come in has nothing to win any more.
  const lease = task.lease !== undefined && task.lease.replica <= vote.replica ? undefined : task.lease
  const next = { ...task, votes, standings: [...task.standings, 'waiting' as const], lease }
  switch (task.judgement.state) {
    case 'pending': {
      const judgement = judgeByCredibility(votes, policy, outputs)
      if (judgement.state === 'pending') return next
      const standings = standingsOf(votes, judgement, policy, outputs)
      return { ...next, judgement, judgedAt: vote.returnedAt, standings }
    }
    case 'accepted':
      return foldReview(next, task.judgement.digest, policy, outputs)
    default:
      return { ...next, standings: [...task.standings, 'unpaid'] }
  }
}

const outputsOf = (votes: readonly Vote[]): Outputs =>
  new Map(
    votes.flatMap(({ ballot, output }) =>
      ballot.kind === 'output' && output !== undefined ? [[ballot.digest, output] as const] : [],
    ),
  )

/** What a probe says of an accepted task. Verdicts of before stand until they are overturned. */
function foldReview(task: TaskState, digest: string, policy: Policy, outputs: Outputs | undefined): TaskState {
  const { votes } = task
  const review = reviewAccepted(votes, digest, policy, outputs)
  switch (review.kind) {
    case 'upheld':
      return { ...task, isContested: false, standings: standingsOf(votes, task.judgement, policy, outputs) }
    case 'overturned': {
      const judgement: Judgement = { state: 'accepted', digest: review.digest }
      return { ...task, judgement, isContested: false, standings: standingsOf(votes, judgement, policy, outputs) }
    }
    case 'contested':
      return { ...task, isContested: true }
    case 'unclear': {
      const standings = task.standings.map(standing => (standing === 'waiting' ? 'unpaid' : standing))
      return { ...task, isContested: false, standings }
    }
  }
}

const standingsOf = (
  votes: readonly Vote[],
  judgement: Judgement,
  { compare }: Policy,
  outputs: Outputs | undefined,
): Standing[] =>
  votes.map(({ ballot }) => {
    if (judgement.state !== 'accepted') return 'unpaid'
    return saysAccepted(ballot, judgement.digest, compare, outputs) ? 'accepted' : 'rejected'
  })

/** The replica that is to be handed out next. */
export const nextReplica = ({ votes }: { readonly votes: readonly { readonly replica: number }[] }): number =>
  Math.max(-1, ...votes.map(({ replica }) => replica)) + 1

/** Whether the task wants another replica now: one at a time, so that no cheat can know its partner. */
export const wantsReplica = ({ judgement, isContested, lease }: TaskState): boolean =>
  lease === undefined && (judgement.state === 'pending' || isContested)

/** Whether another replica of this accepted task could be a probe. */
export const mayProbe = ({ judgement, isContested, lease, votes }: TaskState, { maxReplicas }: Policy): boolean =>
  judgement.state === 'accepted' && !isContested && lease === undefined && votes.length < maxReplicas

/** Whether this party may compute the task's next replica: never twice one account, device or network. */
export const mayCompute = (task: { readonly votes: readonly Party[] }, party: Party): boolean =>
  task.votes.every(
    vote =>
      vote.accountId !== party.accountId &&
      vote.deviceId !== party.deviceId &&
      (vote.network === 0n || vote.network !== party.network),
  )

export const isExpired = (lease: TaskLease, now: number): boolean => lease.expiresAt <= now

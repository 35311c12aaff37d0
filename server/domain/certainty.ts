import type { Policy } from '../../protocol/jobs.ts'
import { groupBallots, groupError, saysAccepted } from './group-ballots.ts'
import { agrees, type Judgement } from './judge.ts'
import { outputsOf, type Vote } from './task.ts'

/** What was decided by an answer that somebody gave. */
export type Decided = Extract<Judgement, { state: 'accepted' } | { state: 'failed' }>

/** The probability that what was decided is right, by all votes of the task, those of probes included. */
export function certaintyOf(decided: Decided, votes: readonly Vote[], policy: Policy): number {
  const { compare } = policy
  const outputs = outputsOf(votes, policy)
  const groups = groupBallots(votes, compare, outputs)
  const agreeing = groups.filter(({ ballot }) =>
    decided.state === 'accepted'
      ? saysAccepted(ballot, decided.digest, compare, outputs)
      : agrees(ballot, { kind: 'failed', reason: decided.reason }),
  )
  // Later outputs may have moved a medoid, and the accepted one may be near to two of them.
  return Math.max(...agreeing.map(group => 1 - groupError(groups, group)))
}

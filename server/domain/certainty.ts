import type { Policy } from '../../protocol/jobs.ts'
import { groupBallots, groupError, saysAccepted } from './group-ballots.ts'
import { agrees } from './judge.ts'
import { outputsOf, type TaskState } from './task.ts'

/**
 * The probability that a task's verdict is right, by all ballots that are there, those of probes included.
 *
 * @returns undefined where there is no verdict to be sure of
 */
export function certaintyOf({ judgement, votes }: TaskState, policy: Policy): number | undefined {
  if (judgement.state === 'pending' || judgement.state === 'disputed') return undefined
  const { compare } = policy
  const outputs = outputsOf(votes, policy)
  const groups = groupBallots(votes, compare, outputs)
  const agreeing = groups.filter(({ ballot }) =>
    judgement.state === 'accepted'
      ? saysAccepted(ballot, judgement.digest, compare, outputs)
      : agrees(ballot, { kind: 'failed', reason: judgement.reason }),
  )
  // Later outputs may have moved a medoid, and the accepted one may be near to two of them.
  return Math.max(...agreeing.map(group => 1 - groupError(groups, group)))
}

import type { Policy } from '../../protocol/jobs.ts'
import type { Outputs } from './cluster-outputs.ts'
import { type BallotGroup, groupBallots, groupError, type WeighedBallot } from './group-ballots.ts'
import type { Judgement } from './judge.ts'

/** Where answers differ, so many times less error is allowed: two accounts that have just become established do not outvote a newcomer. */
const splitFactor = 20
const pending: Judgement = { state: 'pending' }

/**
 * Judges a task from the ballots of different accounts, in the order of the log.
 *
 * The first answer that reaches the policy's confidence, and that enough accounts give, stands; where none has by
 * `maxReplicas`, the task is disputed. Where the leading answer is a failure, the task has failed: the code did, not the
 * devices. The verdict is a fold of the log: each ballot carries the credibility it was appended with, so every server
 * says the same whenever it folds, and a verdict never changes whatever comes later.
 *
 * @param outputs bytes of the outputs by their digest; needed where the policy compares with a tolerance
 */
export function judgeByCredibility(votes: readonly WeighedBallot[], policy: Policy, outputs?: Outputs): Judgement {
  for (let seen = policy.minReplicas; seen <= votes.length; seen++) {
    const leader = decide(seen === votes.length ? votes : votes.slice(0, seen), policy, outputs)
    if (leader !== undefined) {
      const { ballot } = leader
      return ballot.kind === 'output'
        ? { state: 'accepted', digest: ballot.digest }
        : { state: 'failed', reason: ballot.reason }
    }
    if (seen >= policy.maxReplicas) return { state: 'disputed' }
  }
  return pending
}

/**
 * The answer that all these ballots together decide for, if they do.
 *
 * Once answers differ somebody is lying or broken, and the accounts' independence, which the formula assumes, is in
 * doubt. The leading group then needs so much evidence that its error is twenty times smaller, or two more members
 * than usual: two liars with a fair record must not outvote an honest newcomer.
 *
 * @param least members that the leading group must have where answers differ
 */
export function decide(
  votes: readonly WeighedBallot[],
  policy: Policy,
  outputs?: Outputs,
  least = policy.minReplicas,
): BallotGroup | undefined {
  const groups = groupBallots(votes, policy.compare, outputs)
  const [first] = groups
  if (first === undefined) return undefined
  const leader = groups.reduce((best, group) => (group.logOdds > best.logOdds ? group : best), first)
  const error = groupError(groups, leader)
  const allowed = 1 - policy.confidence
  if (groups.length === 1) return leader.members >= policy.minReplicas && error <= allowed ? leader : undefined
  const isOverwhelming = leader.members >= least && error <= allowed / splitFactor
  const isCrowded = leader.members >= Math.max(least, policy.minReplicas + 2) && error <= allowed
  return isOverwhelming || isCrowded ? leader : undefined
}

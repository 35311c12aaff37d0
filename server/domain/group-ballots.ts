import type { Compare } from '../../protocol/jobs.ts'
import { clusterOutputs, type Outputs, outputDistance } from './cluster-outputs.ts'
import { agrees, type Ballot } from './judge.ts'

/** A ballot with the credibility that its account had when it was appended to the log. */
export interface WeighedBallot {
  readonly ballot: Ballot
  readonly credibility: number
}

/** Ballots that say the same. */
export interface BallotGroup {
  /** What they say; of outputs that agree within a tolerance, the medoid. */
  readonly ballot: Ballot
  readonly members: number
  /** Logarithm of the odds that all of them are right against all of them wrong. */
  readonly logOdds: number
}

const noOutputs: Outputs = new Map()

/** Keeps a credibility of 0 or 1 from being beyond all evidence. */
const margin = 1e-9
const logOddsOf = (credibility: number): number => {
  const bounded = Math.min(Math.max(credibility, margin), 1 - margin)
  return Math.log(bounded / (1 - bounded))
}

/** Groups ballots by what they say; the group of the earliest ballot first. */
export function groupBallots(
  votes: readonly WeighedBallot[],
  compare: Compare,
  outputs: Outputs = noOutputs,
): BallotGroup[] {
  const groups: { ballot: Ballot; members: number; logOdds: number }[] = []
  const medoids = compare.kind === 'exact' ? undefined : clusterOutputs(countDigests(votes), outputs, compare)
  for (const { ballot, credibility } of votes) {
    const said: Ballot =
      medoids === undefined || ballot.kind === 'failed'
        ? ballot
        : { kind: 'output', digest: medoids.get(ballot.digest) as string }
    const logOdds = logOddsOf(credibility)
    const group = groups.find(other => agrees(other.ballot, said))
    if (group === undefined) groups.push({ ballot: said, members: 1, logOdds })
    else {
      group.members++
      group.logOdds += logOdds
    }
  }
  return groups
}

/** Whether a ballot says what was accepted: the same bytes, or within the tolerance of the accepted output. */
export function saysAccepted(
  ballot: Ballot,
  accepted: string,
  compare: Compare,
  outputs: Outputs = noOutputs,
): boolean {
  if (ballot.kind === 'failed') return false
  if (ballot.digest === accepted) return true
  const own = outputs.get(ballot.digest)
  const others = outputs.get(accepted)
  if (compare.kind === 'exact' || own === undefined || others === undefined) return false
  return outputDistance(own, others, compare) <= 1
}

function countDigests(votes: readonly WeighedBallot[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { ballot } of votes)
    if (ballot.kind === 'output') counts.set(ballot.digest, (counts.get(ballot.digest) ?? 0) + 1)
  return counts
}

/**
 * The probability that a group is wrong, given that groups disagree and at most one is right.
 *
 * Sarmenta's formula (2002, section 5.2), divided by the probability that all are wrong: with the odds `o` of each group,
 * `P(a) = o(a) / (1 + sum of all o)`. Computed as the probability of the contrary and relative to the greatest odds, so
 * that neither nines nor large groups are lost to rounding or overflow.
 */
export function groupError(groups: readonly BallotGroup[], group: BallotGroup): number {
  const greatest = Math.max(0, ...groups.map(({ logOdds }) => logOdds))
  const relative = (logOdds: number) => Math.exp(logOdds - greatest)
  let others = relative(0)
  for (const other of groups) if (other !== group) others += relative(other.logOdds)
  return others / (others + relative(group.logOdds))
}

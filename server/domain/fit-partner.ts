import { hasEstablishedCredibility, isBeyondProbation } from './credibility.ts'
import type { WeighedBallot } from './group-ballots.ts'
import { agrees } from './judge.ts'

/** Established accounts are asked for second opinions on newcomers only where they are common enough to give them. */
const leastShare = 0.5

/** How common established accounts are among those that ask for work, at first nobody. */
export const foldEstablishedShare = (share: number, isEstablished: boolean): number =>
  share + ((isEstablished ? 1 : 0) - share) / 1024

/**
 * Whether an account is fit to give a task its next opinion, beside what `mayCompute` asks: where established
 * accounts are common, a newcomer's result goes to one of them, and so does a task on which answers differ. Where they
 * are not yet, such a task still waits for somebody beyond the probation.
 *
 * Two newcomers would not be believed anyway, so this saves executions; and liars need one with a long record among
 * them for each wrong answer, which the first discovery takes away. Where nobody fits and a job has no fresh tasks
 * left, whoever may compute a task is fit enough: the caller then asks without this.
 *
 * @param establishedShare see {@link foldEstablishedShare}
 */
export function isFitPartner(
  votes: readonly WeighedBallot[],
  { credibility, establishedShare }: { readonly credibility: number; readonly establishedShare: number },
): boolean {
  const [first] = votes
  if (first === undefined || hasEstablishedCredibility(credibility)) return true
  const isCommon = establishedShare >= leastShare
  if (!votes.every(({ ballot }) => agrees(ballot, first.ballot))) return !isCommon && isBeyondProbation(credibility)
  return !isCommon || votes.some(vote => hasEstablishedCredibility(vote.credibility))
}

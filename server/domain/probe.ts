import type { Policy } from '../../protocol/jobs.ts'
import type { Outputs } from './cluster-outputs.ts'
import { saysAccepted, type WeighedBallot } from './group-ballots.ts'
import { decide } from './judge-by-credibility.ts'

/** Share of leases that are probes: replicas of tasks already accepted. */
export const probeShare = 0.05
/** One task of so many may become a probe; its verdict stays hidden until {@link revealsAt}. */
const probeTaskOneIn = 16
/** How long a verdict that probes need is hidden from everybody but the server. */
const hiddenMs = 24 * 3_600_000

/** Whether a lease should be a probe, if there is a fit task. @param random in [0, 1), from a source nobody can foresee */
export const drawsProbe = (random: number): boolean => random < probeShare

/**
 * Whether a task may serve as a probe. The receipts of such tasks show no verdict for a day: a device that could look up
 * the accepted answer would know a probe, and its answer, without computing anything.
 *
 * @param keyedHash 32 bits of a MAC over the task's id, under a key of the server: the choice is the same on every server
 *   and after every restart, and nobody else can make it
 */
export const isProbeTask = (keyedHash: number): boolean => (keyedHash >>> 0) % probeTaskOneIn === 0

/** When the verdict of a probe task may be shown. */
export const revealsAt = (acceptedAt: number): number => acceptedAt + hiddenMs

/**
 * What all ballots of an accepted task say of it, those of probes included.
 *
 * - `upheld`: all agree, or those who agree with it prevail: whoever does not has failed a check
 * - `contested`: somebody disagrees and nothing is proven: ask another established account. Nobody has failed yet, since
 *   what was accepted may be wrong and the one who disagrees may be the honest one
 * - `overturned`: another answer prevails: those who gave the accepted one have failed a check
 * - `unclear`: as contested, but `maxReplicas` accounts have been asked: nobody is blamed
 */
export type Review =
  | { readonly kind: 'upheld' }
  | { readonly kind: 'contested' }
  | { readonly kind: 'overturned'; readonly digest: string }
  | { readonly kind: 'unclear' }

/** Reviews an accepted task after a probe of it has come back. */
export function reviewAccepted(
  votes: readonly WeighedBallot[],
  accepted: string,
  policy: Policy,
  outputs?: Outputs,
): Review {
  if (votes.every(({ ballot }) => saysAccepted(ballot, accepted, policy.compare, outputs))) return { kind: 'upheld' }
  const ballot = decide(votes, policy, outputs, policy.minReplicas + 2)?.ballot
  if (ballot?.kind === 'output')
    return saysAccepted(ballot, accepted, policy.compare, outputs)
      ? { kind: 'upheld' }
      : { kind: 'overturned', digest: ballot.digest }
  return { kind: votes.length >= policy.maxReplicas ? 'unclear' : 'contested' }
}

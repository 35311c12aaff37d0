import type { Standing } from './task.ts'

/** What an account did in a chunk. Absolute: a fold of the chunk's log. */
export interface Contribution {
  readonly returned: number
  readonly accepted: number
  readonly rejected: number
  readonly unpaid: number
  /** When the latest of these last changed its standing, by the clock of the log. */
  readonly changedAt: number
}

export const noContribution: Contribution = { returned: 0, accepted: 0, rejected: 0, unpaid: 0, changedAt: 0 }

/** Folds in that a vote has got a standing, in place of the one it had. @param before undefined: the vote is new */
export function foldStanding(
  contribution: Contribution,
  before: Standing | undefined,
  after: Standing,
  at: number,
): Contribution {
  const count = (standing: Standing) => (after === standing ? 1 : 0) - (before === standing ? 1 : 0)
  return {
    returned: contribution.returned + (before === undefined ? 1 : 0),
    accepted: contribution.accepted + count('accepted'),
    rejected: contribution.rejected + count('rejected'),
    unpaid: contribution.unpaid + count('unpaid'),
    changedAt: Math.max(contribution.changedAt, at),
  }
}

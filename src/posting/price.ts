import { enoughReplicas, expectedReplicas, newcomersFor, type Policy } from '../../protocol/jobs.ts'
import { doubts, type TermsDraft } from './draft.ts'

export type TermsGap =
  | {
      readonly kind:
        | 'minReplicas'
        | 'maxReplicas'
        | 'replicaOrder'
        | 'budget'
        | 'deadline'
        | 'deadlinePast'
        | 'mergeModule'
    }
  | { readonly kind: 'budgetLow'; readonly cost: number }
  | { readonly kind: 'overAllowance'; readonly left: number }

export interface Price {
  readonly replicas: number
  readonly creditPerTask: number
  readonly tasks: bigint
  /** When nobody cheats and nobody errs. An estimate: more replicas are run where answers differ or records are short. */
  readonly cost: number
  /** What the job may spend at the most. */
  readonly budget: number
}

export interface Terms {
  readonly policy: Policy
  readonly price: Price
  readonly deadline: string | undefined
  readonly gaps: readonly TermsGap[]
}

/** Replicas that each choice of confidence asks for: of accounts with a record, and of newcomers alone. */
export const confidenceChoices = doubts.map(oneIn => ({ oneIn, newcomers: newcomersFor(1 - 1 / oneIn) }))

const wholeOf = (text: string): number => (/^\d{1,2}$/.test(text.trim()) ? Number(text) : Number.NaN)

/**
 * What the poster chose, as the wire has it, with its price.
 *
 * @param left credits that the account may still bind; undefined where nobody said
 */
export function readTerms(
  terms: TermsDraft,
  work: {
    readonly tasks: bigint
    readonly creditPerTask: number
    readonly compare: Policy['compare']
    readonly left: number | undefined
    readonly now: Date
  },
): Terms {
  const gaps: TermsGap[] = []
  const minReplicas = wholeOf(terms.minReplicas)
  const maxReplicas = wholeOf(terms.maxReplicas)
  const isMinimum = minReplicas >= 1 && minReplicas <= 8
  const isMaximum = maxReplicas >= 1 && maxReplicas <= 16
  if (!isMinimum) gaps.push({ kind: 'minReplicas' })
  if (!isMaximum) gaps.push({ kind: 'maxReplicas' })
  if (gaps.length === 0 && minReplicas > maxReplicas) gaps.push({ kind: 'replicaOrder' })
  const policy: Policy = {
    confidence: 1 - 1 / terms.oneIn,
    minReplicas: isMinimum ? minReplicas : 2,
    maxReplicas: isMaximum ? maxReplicas : 8,
    compare: work.compare,
  }
  const replicas = expectedReplicas(policy)
  const each = Number(work.tasks) * work.creditPerTask
  const cost = each * replicas
  const enough = Math.max(cost, Math.min(each * enoughReplicas(policy), work.left ?? Number.POSITIVE_INFINITY))
  const typed = terms.budget.trim() === '' ? undefined : Number(terms.budget)
  const budget = typed ?? enough
  if (!(budget > 0 && Number.isFinite(budget))) gaps.push({ kind: 'budget' })
  else if (budget < cost) gaps.push({ kind: 'budgetLow', cost })
  if (work.left !== undefined && budget > work.left) gaps.push({ kind: 'overAllowance', left: work.left })
  const deadline = terms.deadline === '' ? undefined : new Date(terms.deadline)
  if (deadline !== undefined && Number.isNaN(deadline.getTime())) gaps.push({ kind: 'deadline' })
  else if (deadline !== undefined && deadline <= work.now) gaps.push({ kind: 'deadlinePast' })
  if (terms.merge === 'kernel' && terms.mergeModule === undefined) gaps.push({ kind: 'mergeModule' })
  return {
    policy,
    price: { replicas, creditPerTask: work.creditPerTask, tasks: work.tasks, cost, budget },
    deadline: deadline !== undefined && !Number.isNaN(deadline.getTime()) ? deadline.toISOString() : undefined,
    gaps,
  }
}

import type { Policy } from '../../protocol/jobs.ts'

/** What one account says of a task: equal ballots agree. */
export type Ballot =
  | { readonly kind: 'output'; readonly digest: string }
  | { readonly kind: 'failed'; readonly reason: string }

export type Judgement =
  | { readonly state: 'pending' }
  | { readonly state: 'accepted'; readonly digest: string }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'disputed' }

/** Whether two ballots agree: the same bytes, or the same failure of the code. */
export function agrees(a: Ballot, b: Ballot): boolean {
  if (a.kind === 'output') return b.kind === 'output' && a.digest === b.digest
  return b.kind === 'failed' && a.reason === b.reason
}

/**
 * Judges a task from the ballots of different accounts.
 *
 * The first answer that reaches `minReplicas` stands; where none has by `maxReplicas`, the task is disputed. The verdict
 * depends on the ballots' order only in that first-reached sense, and the log's order is fixed, so every server that
 * folds the log says the same.
 */
export function judge(ballots: readonly Ballot[], policy: Pick<Policy, 'minReplicas' | 'maxReplicas'>): Judgement {
  for (let seen = policy.minReplicas; seen <= ballots.length; seen++) {
    const latest = ballots[seen - 1] as Ballot
    const agreeing = ballots.slice(0, seen).filter(ballot => agrees(ballot, latest)).length
    if (agreeing >= policy.minReplicas)
      return latest.kind === 'output'
        ? { state: 'accepted', digest: latest.digest }
        : { state: 'failed', reason: latest.reason }
    if (seen >= policy.maxReplicas) return { state: 'disputed' }
  }
  return { state: 'pending' }
}

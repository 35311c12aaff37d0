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

import type { Problem } from '../protocol/errors.ts'
import type { LeaseToken } from '../protocol/ids.ts'
import type { WorkRequest } from '../protocol/work.ts'

/** What to do about a refused `POST /api/work`. */
export type RefusalAnswer =
  /** The token is over: sign once more, send again. */
  | { readonly kind: 'renewSession' }
  /** These will never be taken: forget them, send the rest at once. */
  | { readonly kind: 'drop'; readonly leases: readonly LeaseToken[] }
  /** One of the results is at fault and the problem does not say which: send fewer, until it stands alone. */
  | { readonly kind: 'sendFewer' }
  | { readonly kind: 'backOff' }

/** Refusals that may be the fault of a single result. */
function isAboutResults({ code, issues }: Problem): boolean {
  switch (code) {
    case 'LeaseLostError':
    case 'ForgedLeaseError':
    case 'OutputTooLargeError':
    case 'PayloadTooLargeError':
      return true
    case 'InvalidRequestError':
      return issues?.some(({ path }) => path.includes('finished')) ?? false
    default:
      return false
  }
}

/** @param hasRenewed whether the token was signed for just now: then another would be refused like it */
export function answerRefusal(problem: Problem, request: WorkRequest, hasRenewed: boolean): RefusalAnswer {
  if (problem.code === 'UnauthorizedError') return { kind: hasRenewed ? 'backOff' : 'renewSession' }
  if (!isAboutResults(problem)) return { kind: 'backOff' }
  const sent = request.finished.map(({ lease }) => lease)
  const named = sent.filter(lease => problem.leases?.includes(lease))
  if (named.length > 0) return { kind: 'drop', leases: named }
  if (sent.length > 1) return { kind: 'sendFewer' }
  return sent.length === 1 ? { kind: 'drop', leases: sent } : { kind: 'backOff' }
}

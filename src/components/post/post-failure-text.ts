import { RefusedError, UnreachableError } from '../../../protocol/errors.ts'
import type { PostMessages } from '../../messages/post-en.ts'

/** What happened, what is safe, and what to do. */
export function postFailureText(p: PostMessages, error: Error): string {
  if (error instanceof UnreachableError) return navigator.onLine ? p.failure.unreachable : p.failure.offline
  if (error instanceof RefusedError) return p.failure.refused(error.problem.detail)
  return p.failure.other(error.message)
}

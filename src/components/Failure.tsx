import { RefusedError, UnreachableError } from '../../protocol/errors.ts'
import type { Messages } from '../messages/en.ts'
import { useMessages } from '../messages/use-messages.ts'
import { Button } from './Button.tsx'

export function failureText(t: Messages, error: Error): string {
  if (error instanceof UnreachableError) return t.failure.unreachable
  if (error instanceof RefusedError) return t.failure.refused(error.problem.detail)
  return t.failure.other
}

/** What happened, what is safe, and a way to try again. */
export function Failure({ error, onRetry, title }: { error: Error; onRetry: () => void; title?: string }) {
  const { t } = useMessages()
  return (
    <div role="alert" className="measure border-l-4 border-alert py-1 pl-5">
      <p className="font-serif text-lg font-semibold">{title ?? t.failure.title}</p>
      <p className="mt-1 mb-4 text-soft">{failureText(t, error)}</p>
      <Button onClick={onRetry}>{t.action.retry}</Button>
    </div>
  )
}

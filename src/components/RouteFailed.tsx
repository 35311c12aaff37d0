import type { ErrorComponentProps } from '@tanstack/react-router'
import { useMessages } from '../messages/use-messages.ts'
import { Failure } from './Failure.tsx'

/** A route that threw. The workers are not part of it and go on. */
export function RouteFailed({ error, reset }: ErrorComponentProps) {
  const { t } = useMessages()
  return (
    <div className="py-16">
      <title>{t.title(t.failure.routeTitle)}</title>
      <h1 className="sr-only">{t.failure.routeTitle}</h1>
      <Failure
        title={t.failure.routeTitle}
        error={error instanceof Error ? error : new Error(String(error))}
        onRetry={reset}
      />
    </div>
  )
}

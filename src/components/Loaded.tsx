import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { Failure } from './Failure.tsx'

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>
  /** The shape that the data will have. */
  readonly skeleton: ReactNode
  readonly children: (data: T) => ReactNode
}

/** A query's states in one place: loading, failed with a retry, shown, and shown although a refresh failed. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  const { t } = useMessages()
  if (query.data === undefined) {
    if (query.error) return <Failure error={query.error} onRetry={() => query.refetch()} />
    return (
      <div aria-busy="true">
        <span className="sr-only">{t.loading}</span>
        {skeleton}
      </div>
    )
  }
  return (
    <>
      {query.error && <p className="mb-3 border-l-4 border-alert pl-3 text-sm text-soft">{t.failure.stale}</p>}
      {children(query.data)}
    </>
  )
}

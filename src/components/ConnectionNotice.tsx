import type { Connection } from '../../protocol/volunteer.ts'
import { useMessages } from '../messages/use-messages.ts'

/** Offline or refused: what still goes on, and when it is tried again. */
export function ConnectionNotice({ connection }: { connection: Connection }) {
  const { t, format } = useMessages()
  if (connection.kind === 'online') return undefined
  const time = format.clock(connection.retryAt)
  return (
    <p role="status" className="mb-4 border-l-4 border-alert py-1 pl-4">
      {connection.kind === 'offline' ? t.compute.offline(time) : t.compute.refused(connection.problem.detail, time)}
    </p>
  )
}

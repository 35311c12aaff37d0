import type { VolunteerState } from '../protocol/volunteer.ts'

/** One line of what a headless volunteer is doing. */
export function progressLine(state: VolunteerState, elapsedSeconds: number, nowMs: number): string {
  const { connection, lanes, queued, session, unreported } = state
  const running = lanes.flatMap(lane => (lane.state === 'running' ? [`${Math.floor(lane.progress * 100)} %`] : []))
  const at = running.length > 0 ? ` (${running.join(', ')})` : ''
  const parts = [
    `${Math.floor(elapsedSeconds)} s: ${running.length} of ${lanes.length} lanes at work${at}`,
    `${queued} ready`,
    `${session.returned} returned`,
  ]
  if (unreported > 0) parts.push(`${unreported} to report`)
  if (session.failed > 0) parts.push(`${session.failed} failed`)
  if (connection.kind !== 'online') {
    const seconds = Math.max(0, Math.ceil((connection.retryAt - nowMs) / 1000))
    const why = connection.kind === 'refused' ? connection.problem.detail : 'no answer from the server'
    parts.push(`${why}, next try in ${seconds} s`)
  }
  return parts.join(', ')
}

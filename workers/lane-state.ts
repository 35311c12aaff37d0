import type { Connection, Lane, VolunteerPhase } from '../protocol/volunteer.ts'
import type { LaneRun } from './lane-run.ts'

interface LaneView {
  readonly phase: VolunteerPhase
  readonly connection: Connection
  readonly run: LaneRun | undefined
  readonly nowMs: number
}

/** What a lane shows: its run, or why it has none. */
export function laneState({ phase, connection, run, nowMs }: LaneView): Lane {
  const running = run?.view(nowMs)
  if (running) return running
  if (phase.kind === 'paused') return { state: 'idle', reason: 'paused' }
  if (phase.kind === 'starting') return { state: 'idle', reason: 'starting' }
  if (connection.kind !== 'online') return { state: 'idle', reason: 'offline' }
  // A run that does not run yet fetches or compiles its kernel.
  return { state: 'idle', reason: run ? 'starting' : 'waitingForWork' }
}

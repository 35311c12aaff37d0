import type { Connection, Lane, VolunteerPhase } from '../protocol/volunteer.ts'
import type { HeldLease } from './holdings.ts'
import type { LaneRun } from './lane-run.ts'

interface LaneView {
  readonly phase: VolunteerPhase
  readonly connection: Connection
  readonly run: LaneRun | undefined
  /** What the lane would go on with. */
  readonly kept: HeldLease | undefined
  readonly nowMs: number
}

/** What a lane shows: its run, or why it has none. */
export function laneState({ phase, connection, run, kept, nowMs }: LaneView): Lane {
  const running = run?.view(nowMs)
  if (running) return running
  if (phase.kind === 'paused') {
    if (kept?.checkpoint === undefined) return { state: 'idle', reason: 'paused' }
    const { taskId, jobId, kernelId, credit } = kept.lease
    return { state: 'kept', taskId, jobId, kernelId, progress: kept.checkpoint.progress, credit }
  }
  if (phase.kind === 'starting') return { state: 'idle', reason: 'starting' }
  if (connection.kind !== 'online') return { state: 'idle', reason: 'offline' }
  // A run that does not run yet fetches or compiles its kernel.
  return { state: 'idle', reason: run ? 'starting' : 'waitingForWork' }
}

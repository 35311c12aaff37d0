import type { VolunteerState } from '../../protocol/volunteer.ts'
import type { VolunteerView } from './connect.ts'

/** What the page says of this device: the workers' phase, seen from a person. */
export type Activity =
  | { readonly kind: 'absent' | 'connecting' | 'stopped' | 'starting' | 'waiting' | 'paused' | 'broken' }
  | { readonly kind: 'computing'; readonly cores: number }
  | { readonly kind: 'elsewhere'; readonly cores: number; readonly isPaused: boolean }
  | { readonly kind: 'unable'; readonly reason: string }

const coresAtWork = ({ lanes }: VolunteerState) => lanes.filter(lane => lane.state === 'running').length

export function activityOf(view: VolunteerView): Activity {
  if (view.kind !== 'present') return view
  const { state } = view
  const cores = coresAtWork(state)
  switch (state.phase.kind) {
    case 'elsewhere': {
      const isPaused =
        cores === 0 &&
        state.lanes.every(lane => lane.state === 'kept' || (lane.state === 'idle' && lane.reason === 'paused'))
      return { kind: 'elsewhere', cores, isPaused }
    }
    case 'computing':
      return cores === 0 ? { kind: 'waiting' } : { kind: 'computing', cores }
    default:
      return state.phase
  }
}

/** Whether lanes of this browser are granted at the moment, here or in another tab. */
export const isActive = (activity: Activity): boolean =>
  activity.kind === 'computing' ||
  activity.kind === 'waiting' ||
  activity.kind === 'starting' ||
  (activity.kind === 'elsewhere' && !activity.isPaused)

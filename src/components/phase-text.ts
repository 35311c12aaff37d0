import type { Messages } from '../messages/en.ts'
import type { Activity } from '../volunteer/activity.ts'
import type { HoldReason } from '../volunteer/hold.ts'

/** One sentence: what this device does, or why it does nothing. */
export function phaseText(t: Messages, activity: Activity, held: HoldReason | undefined): string {
  if (held !== undefined && activity.kind === 'paused') return t.compute.held[held]
  switch (activity.kind) {
    case 'computing':
      return t.compute.phase.computing(activity.cores)
    case 'unable':
      return t.compute.phase.unable(activity.reason)
    case 'elsewhere':
      return activity.isPaused ? t.compute.phase.elsewherePaused : t.compute.phase.elsewhere
    default:
      return t.compute.phase[activity.kind]
  }
}

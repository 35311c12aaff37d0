import { useMessages } from '../messages/use-messages.ts'
import { useAccount } from '../queries/use-account.ts'
import { activityOf } from '../volunteer/activity.ts'
import { useHeld, useVolunteer } from '../volunteer/use-volunteer.ts'
import { phaseText } from './phase-text.ts'

/** 1, 10, 100 and so on: every single result said aloud would talk over everything else. */
const milestoneOf = (accepted: string) => 10 ** (accepted.length - 1)

/** Says changes aloud: what this device does, and milestones of accepted results. */
export function Announcer() {
  const { t } = useMessages()
  const activity = activityOf(useVolunteer())
  const held = useHeld()
  const account = useAccount().data
  const accepted = account?.kind === 'known' ? account.account.accepted : '0'
  return (
    <div role="status" aria-live="polite" className="sr-only">
      <p>{activity.kind !== 'absent' && phaseText(t, activity, held)}</p>
      <p>{accepted !== '0' && t.compute.announceAccepted(milestoneOf(accepted))}</p>
    </div>
  )
}

import { Link, useNavigate } from '@tanstack/react-router'
import { useMessages } from '../messages/use-messages.ts'
import { usePreferences } from '../preferences/use-preferences.ts'
import { activityOf, isActive } from '../volunteer/activity.ts'
import { startVolunteer } from '../volunteer/control.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'
import { Button, buttonClass } from './Button.tsx'
import { setConsentSheet } from './consent-sheet.ts'
import { useAct } from './use-act.ts'

const fetchSheet = () => {
  import('./ConsentSheet.tsx').catch((cause: unknown) =>
    console.warn('The consent sheet could not be fetched early.', cause),
  )
}

/** The one way to begin: by consent the first time, by Resume later, by a link while it already runs. */
export function StartAction({ size = 'normal' }: { size?: 'normal' | 'large' }) {
  const { t } = useMessages()
  const { consentedAt } = usePreferences()
  const activity = activityOf(useVolunteer())
  const navigate = useNavigate()
  const act = useAct()

  async function resume() {
    await Promise.all([startVolunteer(), navigate({ to: '/compute' })])
  }

  if (isActive(activity))
    return (
      <Link to="/compute" className={buttonClass('plain', size)}>
        {t.action.seeCompute}
      </Link>
    )
  if (consentedAt !== '')
    return (
      <Button kind="lamp" size={size} disabled={activity.kind === 'unable'} onClick={() => act(resume())}>
        {t.action.resume}
      </Button>
    )
  return (
    <Button
      kind="lamp"
      size={size}
      aria-haspopup="dialog"
      onPointerEnter={fetchSheet}
      onFocus={fetchSheet}
      onClick={() => setConsentSheet('open')}
    >
      {t.action.start}
    </Button>
  )
}

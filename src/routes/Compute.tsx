import { Button } from '../components/Button.tsx'
import { CreditPanel } from '../components/CreditPanel.tsx'
import { JobPictures } from '../components/JobPictures.tsx'
import { Lanes } from '../components/Lanes.tsx'
import { Limits } from '../components/Limits.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { phaseText } from '../components/phase-text.ts'
import { ResultList } from '../components/ResultList.tsx'
import { Section } from '../components/Section.tsx'
import { StandingList } from '../components/StandingList.tsx'
import { StartAction } from '../components/StartAction.tsx'
import { useAct } from '../components/use-act.ts'
import { useMessages } from '../messages/use-messages.ts'
import { usePreferences } from '../preferences/use-preferences.ts'
import { activityOf, isActive } from '../volunteer/activity.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { stopVolunteer } from '../volunteer/control.ts'
import { useHeld, useVolunteer } from '../volunteer/use-volunteer.ts'

/** Head of the running view. While lanes run, Pause and Stop are in the bar below, which is always in reach. */
function Head() {
  const { t } = useMessages()
  const activity = activityOf(useVolunteer())
  const held = useHeld()
  const act = useAct()
  return (
    <PageHead title={t.compute.title} lead={phaseText(t, activity, held)}>
      <div className="flex min-h-11 gap-3">
        {activity.kind === 'broken' && (
          <Button onClick={() => act(connectVolunteer().then(() => undefined))}>{t.action.retry}</Button>
        )}
        {activity.kind === 'paused' && <Button onClick={() => act(stopVolunteer())}>{t.action.stop}</Button>}
        {!isActive(activity) && activity.kind !== 'connecting' && activity.kind !== 'broken' && <StartAction />}
      </div>
    </PageHead>
  )
}

/** A volunteer's view: the cores at work, what they earned, how much they may, and what came of it. */
export function Compute() {
  const { t } = useMessages()
  const view = useVolunteer()
  const { consentedAt } = usePreferences()
  return (
    <>
      <Head />
      <div className="grid grid-cols-1 gap-x-14 lg:grid-cols-[minmax(0,1fr)_22rem] lg:grid-rows-[auto_1fr]">
        <div>
          {view.kind === 'present' && view.state.lanes.length > 0 ? (
            <Lanes state={view.state} />
          ) : (
            <Section title={t.compute.emptyTitle}>
              <p className="min-h-41 border-t border-line py-4 text-soft">
                {consentedAt === '' ? t.compute.empty : t.compute.emptyResume}
              </p>
            </Section>
          )}
        </div>
        <div className="lg:row-span-2">
          <CreditPanel />
          <StandingList />
          <Limits />
        </div>
        <div>
          <JobPictures />
          <ResultList />
        </div>
      </div>
    </>
  )
}

import { MillWheel, Water } from '../components/MillWheel.tsx'
import { RunningJobs } from '../components/RunningJobs.tsx'
import { Section } from '../components/Section.tsx'
import { StartAction } from '../components/StartAction.tsx'
import { Totals } from '../components/Totals.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { usePreferences } from '../preferences/use-preferences.ts'
import { useNetwork } from '../queries/network.ts'
import { activityOf } from '../volunteer/activity.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'

function Hero() {
  const { t } = useMessages()
  const { consentedAt } = usePreferences()
  const activity = activityOf(useVolunteer())
  const cores = 'cores' in activity ? activity.cores : 0
  const hint = cores > 0 ? t.home.computingHint(cores) : consentedAt === '' ? t.home.startHint : t.home.resumeHint
  return (
    <div className="grid items-end gap-x-12 gap-y-8 pt-8 sm:pt-14 md:grid-cols-[1fr_19rem] lg:grid-cols-[1fr_22rem]">
      <div className="md:pb-10">
        <h1 className="text-[2.1rem] font-semibold tracking-tight sm:text-5xl lg:text-[3.4rem]">{t.home.title}</h1>
        <p className="measure mt-5 text-lg text-soft sm:text-xl">{t.home.lead}</p>
        <div className="mt-8 flex flex-wrap items-center gap-x-6 gap-y-3">
          <StartAction size="large" />
          <p className="max-w-xs text-sm text-soft">{hint}</p>
        </div>
      </div>
      <div className="mx-auto -mb-20 w-56 md:w-full">
        <MillWheel isTurning={cores > 0} />
      </div>
    </div>
  )
}

/** A stranger's first glance: what this is, what runs and for whom, what came of it, and the way in. */
export function Home() {
  const { t } = useMessages()
  const { query, liveness } = useNetwork()
  return (
    <>
      <title>{t.product}</title>
      <Hero />
      <Water />
      <div className="pt-12">
        <Section title={t.home.totals} aside={t.network.liveness[liveness]}>
          <Totals query={query} />
        </Section>
      </div>
      <Section title={t.home.runsToday}>
        <RunningJobs />
      </Section>
      <Section title={t.home.how}>
        <ol className="grid gap-x-10 gap-y-6 md:grid-cols-3">
          {t.home.steps.map(({ title, text }, step) => (
            <li key={title} className="border-t border-line pt-4">
              <span aria-hidden="true" className="font-serif text-2xl text-tide">
                {step + 1}
              </span>
              <h3 className="mt-1 text-lg font-semibold">{title}</h3>
              <p className="mt-1 text-soft">{text}</p>
            </li>
          ))}
        </ol>
      </Section>
    </>
  )
}

import { useQuery } from '@tanstack/react-query'
import { MinuteChart } from '../charts/MinuteChart.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { RunningJobs } from '../components/RunningJobs.tsx'
import { Section } from '../components/Section.tsx'
import { Totals } from '../components/Totals.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { statsQuery, useNetwork } from '../queries/network.ts'

/** All devices together: totals, agreement, pace, jobs. */
export function NetworkPage() {
  const { t, format } = useMessages()
  const { query, liveness } = useNetwork()
  const stats = useQuery(statsQuery())
  return (
    <>
      <PageHead title={t.network.title} lead={t.network.lead} />
      <Section title={t.network.totals} aside={t.network.liveness[liveness]}>
        <Totals query={query} />
        <p className="figures mt-4 min-h-6 text-sm text-soft">
          {query.data !== undefined &&
            t.network.more(format.integer(query.data.devices), format.integer(query.data.returned))}
        </p>
      </Section>
      <Section title={t.network.perMinute}>
        <Loaded query={stats} skeleton={<div className="skeleton h-56" />}>
          {({ perMinute }) => <MinuteChart perMinute={perMinute} now={stats.dataUpdatedAt} />}
        </Loaded>
      </Section>
      <Section title={t.network.jobs}>
        <RunningJobs />
      </Section>
    </>
  )
}

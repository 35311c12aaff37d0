import { useQuery } from '@tanstack/react-query'
import type { VolunteerState } from '../../protocol/volunteer.ts'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'
import { ConnectionNotice } from './ConnectionNotice.tsx'
import { LaneRow } from './LaneRow.tsx'
import { Section } from './Section.tsx'

/** A row for each granted core, and what waits around them. */
export function Lanes({ state }: { state: VolunteerState }) {
  const { t } = useMessages()
  const jobs = useQuery(jobsQuery()).data?.jobs ?? []
  return (
    <Section title={t.compute.lanes} aside={state.queued > 0 ? t.compute.queued(state.queued) : undefined}>
      <ConnectionNotice connection={state.connection} />
      <ul>
        {state.lanes.map((lane, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
          <LaneRow key={index} number={index + 1} lane={lane} jobs={jobs} />
        ))}
      </ul>
      <p className="figures min-h-6 text-sm text-soft">
        {state.unreported > 0
          ? t.compute.unreported(state.unreported)
          : state.session.returned > 0 && t.compute.returnedSession(state.session.returned)}
        {state.session.failed > 0 && ` ${t.compute.failedSession(state.session.failed)}`}
      </p>
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JobId } from '../../protocol/ids.ts'
import type { Job } from '../../protocol/jobs.ts'
import { buttonClass } from '../components/Button.tsx'
import { JobItem } from '../components/JobItem.tsx'
import { JobListSkeleton } from '../components/JobListSkeleton.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Section } from '../components/Section.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { jobQuery, jobsQuery } from '../queries/jobs.ts'
import { postingQuery } from '../queries/posting.ts'

/** What this browser has posted, the newest first. */
export function Jobs() {
  const j = useJobMessages()
  const own = useQuery(postingQuery())
  const jobs = useQuery(jobsQuery()).data?.jobs ?? []
  return (
    <>
      <PageHead title={j.own.title} lead={j.own.lead} />
      <Loaded query={own} skeleton={<JobListSkeleton />}>
        {({ jobs: ids }) =>
          ids.length === 0 ? (
            <Section title={j.own.emptyTitle}>
              <p className="measure mb-6 text-soft">{j.own.empty}</p>
              <Link to="/post" className={buttonClass('lamp')}>
                {j.own.post}
              </Link>
            </Section>
          ) : (
            <ul>
              {ids
                .toSorted((one, other) => Number(BigInt(other) - BigInt(one)))
                .map(id => (
                  <OwnJob key={id} id={id} known={jobs.find(job => job.id === id)} />
                ))}
            </ul>
          )
        }
      </Loaded>
    </>
  )
}

/** One of them: from the list of all jobs where that has it, else asked for by itself. */
function OwnJob({ id, known }: { id: JobId; known: Job | undefined }) {
  const j = useJobMessages()
  const query = useQuery({ ...jobQuery(id), enabled: known === undefined })
  const job = known ?? query.data
  if (job !== undefined) return <JobItem job={job} />
  return (
    <li className="border-t border-line py-6">
      {query.error ? <p className="text-soft">{j.own.away(id)}</p> : <span className="skeleton block h-12 w-full" />}
    </li>
  )
}

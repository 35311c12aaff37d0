import { useQuery } from '@tanstack/react-query'
import type { Job } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { JobItem } from '../components/JobItem.tsx'
import { JobListSkeleton } from '../components/JobListSkeleton.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Section } from '../components/Section.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'

const areaOf = (job: Job) => findKernel(job.kernelId)?.area ?? 'other'

/** All jobs, by area. */
export function Projects() {
  const { t } = useMessages()
  const query = useQuery(jobsQuery())
  return (
    <>
      <PageHead title={t.projects.title} lead={t.projects.lead} />
      <Loaded query={query} skeleton={<JobListSkeleton />}>
        {({ jobs }) =>
          jobs.length === 0 ? (
            <Section title={t.projects.empty}>
              <p className="text-soft">{t.projects.emptyText}</p>
            </Section>
          ) : (
            [...Map.groupBy(jobs, areaOf)].map(([area, members]) => (
              <Section key={area} title={t.area[area]}>
                <ul>
                  {members.map(job => (
                    <JobItem key={job.id} job={job} isAreaNamed />
                  ))}
                </ul>
              </Section>
            ))
          )
        }
      </Loaded>
    </>
  )
}

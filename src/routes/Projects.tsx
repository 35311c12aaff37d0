import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Job } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { JobItem } from '../components/JobItem.tsx'
import { JobListSkeleton } from '../components/JobListSkeleton.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Section } from '../components/Section.tsx'
import { isOver } from '../components/shown-jobs.ts'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'

const areaOf = (job: Job) => findKernel(job.kernelId)?.area ?? 'other'

interface JobGroupProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly jobs: readonly Job[]
  readonly isAreaNamed?: boolean
}

/** Nothing where there is no such job. */
function JobGroup({ title, aside, jobs, isAreaNamed = false }: JobGroupProps) {
  if (jobs.length === 0) return undefined
  return (
    <Section title={title} aside={aside}>
      <ul>
        {jobs.map(job => (
          <JobItem key={job.id} job={job} isAreaNamed={isAreaNamed} />
        ))}
      </ul>
    </Section>
  )
}

/** All jobs: the operator's by area, then those that people posted, what still goes on before what is over. */
export function Projects() {
  const { t } = useMessages()
  const query = useQuery(jobsQuery())
  const own = (
    <Link to="/jobs" className="link inline-flex min-h-11 items-center">
      {t.job.own}
    </Link>
  )
  return (
    <>
      <PageHead title={t.projects.title} lead={t.projects.lead} />
      <Loaded query={query} skeleton={<JobListSkeleton />}>
        {({ jobs }) => {
          const posted = jobs.filter(({ posterId }) => posterId !== undefined).toReversed()
          const operators = jobs.filter(({ posterId }) => posterId === undefined)
          return (
            <>
              {jobs.length === 0 && (
                <Section title={t.projects.empty}>
                  <p className="text-soft">{t.projects.emptyText}</p>
                </Section>
              )}
              {[...Map.groupBy(operators, areaOf)].map(([area, members]) => (
                <JobGroup key={area} title={t.area[area]} jobs={members} isAreaNamed />
              ))}
              <JobGroup title={t.job.posted} aside={own} jobs={posted.filter(job => !isOver(job))} />
              <JobGroup title={t.job.postedOver} jobs={posted.filter(isOver)} />
            </>
          )
        }}
      </Loaded>
    </>
  )
}

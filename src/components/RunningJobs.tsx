import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'
import { JobItem } from './JobItem.tsx'
import { JobListSkeleton } from './JobListSkeleton.tsx'
import { Loaded } from './Loaded.tsx'
import { runningJobs } from './shown-jobs.ts'

/** More than these are on a page of their own. */
const mostShown = 6

/** What is handed out now, with the way to everything else. */
export function RunningJobs() {
  const { t } = useMessages()
  return (
    <Loaded query={useQuery(jobsQuery())} skeleton={<JobListSkeleton />}>
      {({ jobs }) => {
        const running = runningJobs(jobs)
        return (
          <>
            {running.length === 0 && <p className="text-soft">{t.projects.emptyText}</p>}
            <ul>
              {running.slice(0, mostShown).map(job => (
                <JobItem key={job.id} job={job} />
              ))}
            </ul>
            {jobs.length > Math.min(running.length, mostShown) && (
              <Link to="/projects" className="link inline-flex min-h-11 items-center">
                {t.job.all}
              </Link>
            )}
          </>
        )
      }}
    </Loaded>
  )
}

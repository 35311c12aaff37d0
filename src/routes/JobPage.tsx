import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { RefusedError } from '../../protocol/errors.ts'
import { JobId } from '../../protocol/ids.ts'
import type { JobDetail } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { jobTitle } from '../components/job-title.ts'
import { Loaded } from '../components/Loaded.tsx'
import { NotFound } from '../components/NotFound.tsx'
import { Section } from '../components/Section.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
import { JobAbout } from '../jobs/JobAbout.tsx'
import { JobCost } from '../jobs/JobCost.tsx'
import { JobHead } from '../jobs/JobHead.tsx'
import { JobState } from '../jobs/JobState.tsx'
import { MergedAnswer } from '../jobs/MergedAnswer.tsx'
import { OutputList } from '../jobs/OutputList.tsx'
import { ResultDownloads } from '../jobs/ResultDownloads.tsx'
import { TaskTally } from '../jobs/TaskTally.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { KernelPicture } from '../pictures/KernelPicture.tsx'
import { jobQuery } from '../queries/jobs.ts'

const skeleton = (
  <div className="grid gap-10 pt-12">
    <Skeleton className="h-10 w-96 max-w-full" />
    <Skeleton lines={3} className="h-5 w-full" />
    <Skeleton className="h-80 w-full" />
  </div>
)

export function JobPage() {
  const j = useJobMessages()
  const id = JobId.safeParse(useParams({ from: '/jobs/$id' }).id)
  if (!id.success) return <NotFound title={j.notFoundTitle} text={j.notFound} />
  // What was seen of one job says nothing about another.
  return <KnownJob key={id.data} id={id.data} />
}

function KnownJob({ id }: { id: JobId }) {
  const j = useJobMessages()
  const query = useQuery(jobQuery(id))
  if (query.error instanceof RefusedError && query.error.problem.code === 'NotFoundError')
    return <NotFound title={j.notFoundTitle} text={j.notFound} />
  return (
    <Loaded query={query} skeleton={skeleton}>
      {job => <JobView job={job} toldAt={query.dataUpdatedAt} />}
    </Loaded>
  )
}

/** A job's life: where it stands, what came out, what it costs, what became of each task, and what it is. */
function JobView({ job, toldAt }: { job: JobDetail; toldAt: number }) {
  const { t, language } = useMessages()
  const j = useJobMessages()
  const title = jobTitle(t, language, job)
  return (
    <>
      <JobHead job={job} title={title} />
      <JobState job={job} title={title} toldAt={toldAt} />
      {job.reruns.length > 0 && (
        <p className="-mt-6 mb-10">
          {j.reruns}{' '}
          {job.reruns.map(rerun => (
            <Link key={rerun} to="/jobs/$id" params={{ id: rerun }} className="link mr-3 inline-block py-2">
              {j.jobName(rerun)}
            </Link>
          ))}
        </p>
      )}
      {findKernel(job.kernelId) !== undefined && (
        <Section title={j.about.picture}>
          <KernelPicture job={job} />
        </Section>
      )}
      <div className="grid grid-cols-1 gap-x-14 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          {job.merged?.state === 'done' && <MergedAnswer job={job} />}
          <OutputList job={job} />
        </div>
        <div>
          <ResultDownloads job={job} />
          {job.merged?.state !== 'done' && <MergedAnswer job={job} />}
          <TaskTally job={job} />
        </div>
      </div>
      <JobCost job={job} />
      <JobAbout job={job} />
    </>
  )
}

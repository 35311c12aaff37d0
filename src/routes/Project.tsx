import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { RefusedError } from '../../protocol/errors.ts'
import { JobId } from '../../protocol/ids.ts'
import type { JobDetail } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { JobFacts } from '../components/JobFacts.tsx'
import { JobProgress } from '../components/JobProgress.tsx'
import { Loaded } from '../components/Loaded.tsx'
import { NotFound } from '../components/NotFound.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { Section } from '../components/Section.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
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

export function Project() {
  const { t } = useMessages()
  const id = JobId.safeParse(useParams({ from: '/projects/$id' }).id)
  if (!id.success) return <NotFound title={t.project.notFoundTitle} text={t.project.notFound} />
  return <KnownProject id={id.data} />
}

function KnownProject({ id }: { id: JobId }) {
  const { t } = useMessages()
  const query = useQuery(jobQuery(id))
  if (query.error instanceof RefusedError && query.error.problem.code === 'NotFoundError')
    return <NotFound title={t.project.notFoundTitle} text={t.project.notFound} />
  return (
    <Loaded query={query} skeleton={skeleton}>
      {job =>
        // What somebody posted has a page of its own.
        job.posterId === undefined ? <JobView job={job} /> : <Navigate to="/jobs/$id" params={{ id }} replace />
      }
    </Loaded>
  )
}

/** A job: why it is computed, how it becomes true, how far it is, what came out, and all of it to take along. */
function JobView({ job }: { job: JobDetail }) {
  const { t, language } = useMessages()
  const kernel = findKernel(job.kernelId)
  const text = kernel?.text[language]
  const title = text?.title ?? t.projects.unknownKernel(job.kernelId)
  return (
    <>
      <PageHead title={title} lead={text?.aim}>
        <p className="text-sm text-soft">
          {t.area[kernel?.area ?? 'other']} · {t.projects.sponsor}
        </p>
      </PageHead>
      <div className="mb-12">
        <JobProgress job={job} title={title} />
      </div>
      <Section title={t.project.picture}>
        <KernelPicture job={job} />
      </Section>
      <div className="grid gap-x-14 lg:grid-cols-2">
        {text !== undefined && (
          <Section title={t.project.method}>
            <p className="measure">{text.method}</p>
          </Section>
        )}
        <Section title={t.project.checked}>
          <p className="measure">{t.project.policy(job.policy)}</p>
          {text !== undefined && <p className="measure mt-3">{text.checked}</p>}
        </Section>
      </div>
      {text !== undefined && (
        <Section title={t.project.lesson}>
          <div className="grid gap-4 text-pretty lg:columns-2 lg:block lg:gap-14">
            {text.lesson.map(paragraph => (
              <p key={paragraph} className="measure lg:mb-4 lg:break-inside-avoid">
                {paragraph}
              </p>
            ))}
          </div>
        </Section>
      )}
      <JobFacts job={job} />
    </>
  )
}

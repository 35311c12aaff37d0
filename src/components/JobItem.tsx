import { Link } from '@tanstack/react-router'
import type { Job } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { useMessages } from '../messages/use-messages.ts'
import { JobProgress } from './JobProgress.tsx'
import { jobTitle, kernelTitle } from './job-title.ts'

interface JobItemProps {
  readonly job: Job
  /** Where a heading above names the area already. */
  readonly isAreaNamed?: boolean
}

/** A job in a list: what kind, title, aim, for whom, how far, and whether it still runs. */
export function JobItem({ job, isAreaNamed = false }: JobItemProps) {
  const { t, language } = useMessages()
  const kernel = findKernel(job.kernelId)
  const title = jobTitle(t, language, job)
  const isPosted = job.posterId !== undefined
  const without = BigInt(job.failed) + BigInt(job.disputed)
  const kind = isPosted ? kernelTitle(t, language, job.kernelId) : t.area[kernel?.area ?? 'other']
  return (
    <li className="grid gap-x-10 gap-y-4 border-t border-line py-6 md:grid-cols-[1fr_21rem] md:items-center">
      <div className="min-w-0">
        {!isAreaNamed && <p className="text-sm text-tide">{kind}</p>}
        <h3 className="mt-1 text-xl font-semibold [overflow-wrap:anywhere]">
          <Link
            to={isPosted ? '/jobs/$id' : '/projects/$id'}
            params={{ id: job.id }}
            className="decoration-1 underline-offset-4 hover:underline"
          >
            {title}
          </Link>
        </h3>
        {isPosted ? (
          <p className="measure mt-2 line-clamp-3 text-soft [overflow-wrap:anywhere]">{job.description}</p>
        ) : (
          <p className="measure mt-2 text-soft">{kernel?.text[language].aim}</p>
        )}
      </div>
      <div>
        <JobProgress job={job} title={title} />
        <p className="figures mt-1 text-sm text-soft">
          {job.state !== 'active' && <span className="font-medium text-ink">{t.job.state[job.state]} · </span>}
          {job.posterId === undefined ? t.projects.sponsor : t.job.by(job.posterId)}
          {isPosted && without > 0n && ` · ${t.job.without(`${without}`)}`}
        </p>
      </div>
    </li>
  )
}

import { Link } from '@tanstack/react-router'
import type { Job } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { useMessages } from '../messages/use-messages.ts'
import { JobProgress } from './JobProgress.tsx'

interface JobItemProps {
  readonly job: Job
  /** Where a heading above names the area already. */
  readonly isAreaNamed?: boolean
}

/** A job in a list: area, title, aim, for whom, how far. */
export function JobItem({ job, isAreaNamed = false }: JobItemProps) {
  const { t, language } = useMessages()
  const kernel = findKernel(job.kernelId)
  const title = kernel?.text[language].title ?? t.projects.unknownKernel(job.kernelId)
  return (
    <li className="grid gap-x-10 gap-y-4 border-t border-line py-6 md:grid-cols-[1fr_21rem] md:items-center">
      <div>
        {!isAreaNamed && <p className="text-sm text-tide">{t.area[kernel?.area ?? 'other']}</p>}
        <h3 className="mt-1 text-xl font-semibold">
          <Link to="/projects/$id" params={{ id: job.id }} className="decoration-1 underline-offset-4 hover:underline">
            {title}
          </Link>
        </h3>
        <p className="measure mt-2 text-soft">{kernel?.text[language].aim}</p>
      </div>
      <div>
        <JobProgress job={job} title={title} />
        <p className="mt-1 text-sm text-soft">{t.projects.sponsor}</p>
      </div>
    </li>
  )
}

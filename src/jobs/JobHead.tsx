import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { JobDetail } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { PageHead } from '../components/PageHead.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { postingQuery } from '../queries/posting.ts'
import { JobActions } from './JobActions.tsx'

/** Title, in whose name, what for, and what its poster may do with it. */
export function JobHead({ job, title }: { job: JobDetail; title: string }) {
  const { language } = useMessages()
  const j = useJobMessages()
  const own = useQuery(postingQuery()).data
  const isOwn = own?.jobs.includes(job.id) === true
  const about = job.description ?? findKernel(job.kernelId)?.text[language].aim
  const links = 'link -my-2 inline-block py-2'
  return (
    <PageHead
      title={title}
      lead={
        <>
          {about !== undefined && about !== '' && <span className="mb-2 block whitespace-pre-line">{about}</span>}
          <span className="block text-sm [&>*]:mr-4">
            <span>{isOwn ? j.by.you : job.posterId === undefined ? j.by.operator : j.by.account(job.posterId)}</span>
            {job.rerunOf !== undefined && (
              <Link to="/jobs/$id" params={{ id: job.rerunOf }} className={links}>
                {j.rerunOf(job.rerunOf)}
              </Link>
            )}
            {isOwn && (
              <Link to="/jobs" className={links}>
                {j.action.yours}
              </Link>
            )}
          </span>
        </>
      }
    >
      {isOwn && <JobActions job={job} />}
    </PageHead>
  )
}

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
  const isOwn = own?.kind === 'known' && own.posting.jobs.includes(job.id)
  const lead = job.description ?? findKernel(job.kernelId)?.text[language].aim
  return (
    <PageHead
      title={title}
      lead={lead !== undefined && lead !== '' ? <span className="whitespace-pre-line">{lead}</span> : undefined}
    >
      <div className="flex flex-col gap-3">
        <p className="text-sm text-soft">
          {isOwn ? j.by.you : job.posterId === undefined ? j.by.operator : j.by.account(job.posterId)}
          {job.rerunOf !== undefined && (
            <>
              <br />
              <Link to="/jobs/$id" params={{ id: job.rerunOf }} className="link inline-block py-2">
                {j.rerunOf(job.rerunOf)}
              </Link>
            </>
          )}
          {isOwn && (
            <>
              <br />
              <Link to="/jobs" className="link inline-block py-2">
                {j.action.yours}
              </Link>
            </>
          )}
        </p>
        {isOwn && <JobActions job={job} />}
      </div>
    </PageHead>
  )
}

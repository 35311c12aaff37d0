import type { Job } from '../../protocol/jobs.ts'
import { useMessages } from '../messages/use-messages.ts'
import { ProgressBar } from './ProgressBar.tsx'

/** Exact for counts past 2^53 as well. */
export const shareOf = (part: string, whole: string): number =>
  whole === '0' ? 0 : Number((BigInt(part) * 1_000_000_000n) / BigInt(whole)) / 1e9

export function JobProgress({ job, title }: { job: Pick<Job, 'accepted' | 'tasks'>; title: string }) {
  const { t, format } = useMessages()
  const share = shareOf(job.accepted, job.tasks)
  const counted = t.projects.progress(job.accepted, job.tasks)
  return (
    <div className="figures">
      <p className="mb-1.5 flex justify-between gap-4 text-sm">
        <span>{counted}</span>
        <span className="whitespace-nowrap text-soft">{format.share(share)}</span>
      </p>
      <ProgressBar label={t.projects.progressBar(title)} share={share} text={counted} thin />
    </div>
  )
}

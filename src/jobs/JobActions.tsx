import { useState } from 'react'
import type { JobDetail, JobState } from '../../protocol/jobs.ts'
import { Button } from '../components/Button.tsx'
import { failureText } from '../components/Failure.tsx'
import { isOver } from '../components/shown-jobs.ts'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { CancelJob } from './CancelJob.tsx'
import { judgedOf } from './estimate-end.ts'
import { useJobAction, useRerun } from './use-job-action.ts'

/** From which states it may be called off. */
const cancelable: readonly JobState[] = ['active', 'paused', 'outOfBudget', 'overdue']

/** What its poster may do with a job now. */
export function JobActions({ job }: { job: JobDetail }) {
  const { t } = useMessages()
  const j = useJobMessages()
  const act = useJobAction(job.id)
  const rerun = useRerun(job.id)
  const [isAsking, setIsAsking] = useState(false)
  const isBusy = act.isPending || rerun.isPending
  const error = act.error ?? rerun.error
  const mayRerun = isOver(job) && (job.failed !== '0' || job.disputed !== '0')
  return (
    <div className="flex flex-col gap-2 empty:hidden">
      <div className="flex flex-wrap gap-3 empty:hidden">
        {job.state === 'active' && (
          <Button disabled={isBusy} onClick={() => act.mutate('pause')}>
            {j.action.pause}
          </Button>
        )}
        {job.state === 'paused' && (
          <Button disabled={isBusy} onClick={() => act.mutate('resume')}>
            {j.action.resume}
          </Button>
        )}
        {cancelable.includes(job.state) && (
          <Button disabled={isBusy} aria-haspopup="dialog" onClick={() => setIsAsking(true)}>
            {j.action.cancel}
          </Button>
        )}
        {mayRerun && (
          <Button disabled={isBusy} onClick={() => rerun.mutate()}>
            {j.action.rerun}
          </Button>
        )}
      </div>
      <p role="status" className="text-sm text-soft empty:hidden">
        {isBusy && j.action.busy}
      </p>
      {error && (
        <p role="alert" className="measure border-l-4 border-alert pl-3 text-sm">
          <span className="font-semibold">{j.action.failed}.</span> {failureText(t, error)}
        </p>
      )}
      <CancelJob
        isOpen={isAsking}
        left={`${BigInt(job.tasks) - judgedOf(job)}`}
        onClose={() => setIsAsking(false)}
        onCancel={() => {
          setIsAsking(false)
          act.mutate('cancel')
        }}
      />
    </div>
  )
}

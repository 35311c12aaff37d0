import type { Job } from '../../protocol/jobs.ts'
import type { Lane } from '../../protocol/volunteer.ts'
import type { Messages } from '../messages/en.ts'
import { useMessages } from '../messages/use-messages.ts'
import { ProgressBar } from './ProgressBar.tsx'
import { taskSentence } from './task-sentence.ts'
import { tellsProgress } from './tells-progress.ts'

interface LaneRowProps {
  readonly number: number
  readonly lane: Lane
  readonly jobs: readonly Job[]
}

function timeLeft(t: Messages, lane: Exclude<Lane, { state: 'idle' }>, isTold: boolean): string {
  if (lane.state === 'kept') return t.compute.kept
  if (!isTold) return t.job.untold
  return lane.remainingMs === undefined ? t.compute.remainingUnknown : t.compute.remaining(lane.remainingMs)
}

/** One core: what it does in a sentence, how far it is, what is left. As high idle as at work, so that nothing jumps. */
export function LaneRow({ number, lane, jobs }: LaneRowProps) {
  const { t, language } = useMessages()
  const name = t.compute.lane(number)
  if (lane.state === 'idle')
    return (
      <li className="min-h-41 border-t border-line py-4">
        <p className="font-semibold">{name}</p>
        <p className="mt-1 text-soft">{t.compute.idle[lane.reason]}</p>
      </li>
    )
  const job = jobs.find(({ id }) => id === lane.jobId)
  const isTold = lane.state === 'kept' || tellsProgress(job, lane.progress)
  const percent = isTold ? t.compute.percentDone(lane.progress) : ''
  const resumedAt = lane.state === 'running' ? lane.resumedAt : undefined
  const resumed = resumedAt === undefined ? undefined : t.compute.resumedAt(resumedAt)
  return (
    <li className="min-h-41 border-t border-line py-4">
      <p className="flex items-baseline justify-between gap-4">
        <span className="font-semibold">{name}</span>
        <span className="figures text-lg font-semibold">{percent}</span>
      </p>
      <p className="mt-0.5 mb-2.5 min-h-[3.1em] text-soft">
        {taskSentence({ t, language, jobs, taskId: lane.taskId })}
      </p>
      {/* Another task begins with a bar of its own: one that runs backwards would look like work undone. */}
      <ProgressBar
        key={lane.taskId}
        label={t.compute.laneProgress(number)}
        share={isTold ? lane.progress : undefined}
        text={isTold ? (resumed === undefined ? percent : `${percent}, ${resumed}`) : t.job.untold}
        mark={resumedAt}
      />
      <p className="figures mt-1.5 flex flex-wrap justify-between gap-x-4 text-sm text-soft">
        <span>
          {timeLeft(t, lane, isTold)}
          {resumed !== undefined && ` · ${resumed}`}
        </span>
        <span>{t.compute.worth(lane.credit)}</span>
      </p>
    </li>
  )
}

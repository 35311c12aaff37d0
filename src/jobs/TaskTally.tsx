import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import type { UnacceptedTask } from '../../protocol/job-views.ts'
import type { JobDetail } from '../../protocol/jobs.ts'
import { Button } from '../components/Button.tsx'
import { Failure } from '../components/Failure.tsx'
import { Section } from '../components/Section.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { unacceptedQuery } from '../queries/job-views.ts'
import { judgedOf } from './estimate-end.ts'
import { partClass } from './part-class.ts'

/** Tasks by what they came to; those without an accepted output by name, with the reason. */
export function TaskTally({ job }: { job: JobDetail }) {
  const { format } = useMessages()
  const j = useJobMessages()
  const waiting = BigInt(job.tasks) - judgedOf(job)
  const waitingText =
    job.state === 'active' || job.state === 'finished' ? 'active' : job.state === 'canceled' ? 'canceled' : 'stopped'
  const rows = [
    { name: 'accepted', count: job.accepted, text: j.tasks.acceptedText, className: partClass.accepted },
    {
      name: 'waiting',
      count: `${waiting}`,
      text: j.tasks.waitingText[waitingText],
      className: 'bg-well ring-1 ring-edge ring-inset',
    },
    { name: 'failed', count: job.failed, text: j.tasks.failedText, className: partClass.failed },
    { name: 'disputed', count: job.disputed, text: j.tasks.disputedText, className: partClass.disputed },
  ] as const
  return (
    <Section title={j.tasks.title}>
      <ul>
        {rows.map(({ name, count, text, className }) => (
          <li key={name} className="border-t border-line py-3">
            <p className="figures flex items-baseline justify-between gap-4">
              <span className="flex items-center gap-2.5 font-semibold">
                <span aria-hidden="true" className={`size-3 shrink-0 rounded-full ${className}`} />
                {j.tasks[name]}
              </span>
              <span>{format.integer(count)}</span>
            </p>
            {count !== '0' && <p className="mt-0.5 pl-5.5 text-sm text-soft">{text}</p>}
            {(name === 'failed' || name === 'disputed') && count !== '0' && <Unaccepted id={job.id} state={name} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Unaccepted({ id, state }: { id: JobId; state: UnacceptedTask['state'] }) {
  const j = useJobMessages()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className="pl-5.5" onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary className="link inline-flex min-h-11 items-center text-sm">{j.tasks.show}</summary>
      {isOpen && <UnacceptedList id={id} state={state} />}
    </details>
  )
}

function UnacceptedList({ id, state }: { id: JobId; state: UnacceptedTask['state'] }) {
  const j = useJobMessages()
  const query = useInfiniteQuery(unacceptedQuery(id, state))
  if (query.data === undefined)
    return query.error ? (
      <Failure error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Skeleton lines={2} className="h-11 w-full" />
    )
  const tasks = query.data.pages.flatMap(page => page.tasks)
  return (
    <>
      {tasks.length === 0 && <p className="text-sm text-soft">{j.tasks.none}</p>}
      <ul className="max-h-96 overflow-y-auto text-sm">
        {tasks.map(({ taskId, reason }) => (
          <li key={taskId} className="py-1.5">
            <Link to="/verify/$taskId" params={{ taskId }} className="link inline-block py-2">
              {j.tasks.task(taskId)}
            </Link>
            <p className="text-soft [overflow-wrap:anywhere]">{reason ?? j.tasks.noReason}</p>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button className="mt-2" disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {j.tasks.more}
        </Button>
      )}
    </>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { fromBase64Url } from '../../protocol/bytes.ts'
import type { OutputView } from '../../protocol/job-views.ts'
import type { JobDetail } from '../../protocol/jobs.ts'
import { Button } from '../components/Button.tsx'
import { Failure } from '../components/Failure.tsx'
import { Section } from '../components/Section.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { outputsQuery } from '../queries/job-views.ts'
import { outputPreview } from './output-preview.ts'
import { Preview } from './Preview.tsx'

/** Accepted outputs from the first task on, to look at; each with the way to its receipt. */
export function OutputList({ job }: { job: JobDetail }) {
  const j = useJobMessages()
  const query = useInfiniteQuery(outputsQuery(job.id))
  const outputs = query.data?.pages.flatMap(page => page.outputs)
  return (
    <Section title={j.outputs.title} aside={j.outputs.aside}>
      {outputs === undefined ? (
        query.error ? (
          <Failure error={query.error} onRetry={() => query.refetch()} />
        ) : (
          <Skeleton lines={3} className="h-24 w-full" />
        )
      ) : outputs.length === 0 ? (
        <p className="border-t border-line py-4 text-soft">
          {job.state === 'canceled' || job.state === 'finished' ? j.outputs.emptyOver : j.outputs.empty}
        </p>
      ) : (
        <ol>
          {outputs.map(output => (
            <OutputItem key={output.taskId} output={output} kernelId={job.kernelId} />
          ))}
        </ol>
      )}
      {query.hasNextPage && (
        <Button disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {j.outputs.more}
        </Button>
      )}
    </Section>
  )
}

function OutputItem({ output, kernelId }: { output: OutputView; kernelId: string }) {
  const j = useJobMessages()
  const { taskId, bytes: size, head, isWhole } = output
  const bytes = useMemo(() => fromBase64Url(head), [head])
  const preview = useMemo(() => outputPreview(kernelId, bytes, isWhole), [kernelId, bytes, isWhole])
  return (
    <li className="border-t border-line pt-1 pb-4">
      <p className="figures flex items-center justify-between gap-4">
        <Link to="/verify/$taskId" params={{ taskId }} className="link inline-flex min-h-11 items-center">
          {j.outputs.receipt(taskId)}
        </Link>
        <span className="text-sm text-soft">{j.outputs.size(size)}</span>
      </p>
      <Preview name={j.outputs.receipt(taskId)} preview={preview} bytes={bytes} size={size} />
    </li>
  )
}

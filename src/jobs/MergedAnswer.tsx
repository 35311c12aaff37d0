import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Digest } from '../../protocol/digest.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { JobDetail, Merged } from '../../protocol/jobs.ts'
import { buttonClass } from '../components/Button.tsx'
import { DigestText } from '../components/DigestText.tsx'
import { Failure } from '../components/Failure.tsx'
import { Section } from '../components/Section.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { mergedQuery } from '../queries/job-views.ts'
import { Preview } from './Preview.tsx'
import { previewKind } from './preview-kind.ts'

/** A larger one is for a file, not for a page. */
const shownBytes = 1 << 20

/** What all accepted outputs say together, where the poster asked for that. */
export function MergedAnswer({ job }: { job: JobDetail }) {
  const j = useJobMessages()
  const { merge, merged } = job
  if (merge.kind === 'none' || merged === undefined) return undefined
  return (
    <Section title={j.merge.title}>
      <p className="mb-3 text-soft">{j.merge.kind[merge.kind]}</p>
      {merge.kind === 'kernel' && (
        <p className="mb-3 text-sm text-soft">
          {j.merge.program}
          <br />
          <DigestText digest={merge.digest} />
        </p>
      )}
      <State job={job} merged={merged} />
    </Section>
  )
}

function State({ job, merged }: { job: JobDetail; merged: Merged }) {
  const j = useJobMessages()
  switch (merged.state) {
    case 'waiting':
      return <p>{job.state === 'canceled' ? j.merge.canceled : j.merge.waiting}</p>
    case 'running':
      return (
        <p>
          {j.merge.running}{' '}
          <Link to="/jobs/$id" params={{ id: merged.jobId }} className="link inline-block py-2">
            {j.jobName(merged.jobId)}
          </Link>
        </p>
      )
    case 'failed':
      return <p className="text-alert [overflow-wrap:anywhere]">{j.merge.failed(merged.reason)}</p>
    case 'done':
      return (
        <>
          {merged.bytes <= shownBytes ? (
            <Answer id={job.id} digest={merged.digest} />
          ) : (
            <p className="text-soft">{j.merge.large(merged.bytes)}</p>
          )}
          <p className="my-3 text-sm text-soft">
            {j.merge.digest}
            <br />
            <DigestText digest={merged.digest} />
          </p>
          <a href={`/api/jobs/${job.id}/merged`} download={`job-${job.id}-merged`} className={buttonClass('plain')}>
            {j.merge.download}
          </a>
        </>
      )
  }
}

function Answer({ id, digest }: { id: JobId; digest: Digest }) {
  const j = useJobMessages()
  const query = useQuery(mergedQuery(id, digest))
  const bytes = query.data
  const preview = useMemo(() => bytes && previewKind(bytes, true), [bytes])
  if (bytes === undefined || preview === undefined)
    return query.error ? (
      <Failure error={query.error} onRetry={() => query.refetch()} />
    ) : (
      <Skeleton className="h-24 w-full" />
    )
  return <Preview name={j.merge.title} preview={preview} bytes={bytes} size={bytes.length} />
}

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { OwnResult } from '../../protocol/account.ts'
import type { Job } from '../../protocol/jobs.ts'
import type { Messages } from '../messages/en.ts'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'
import { useAccount } from '../queries/use-account.ts'
import { jobTitle } from './job-title.ts'
import { Section } from './Section.tsx'
import { Skeleton } from './Skeleton.tsx'
import { StateMark } from './StateMark.tsx'

const reasonOf = (t: Messages, { state, others }: OwnResult) =>
  state === 'accepted' ? t.compute.reason.accepted(others) : t.compute.reason[state]

function ResultRow({ result, job }: { result: OwnResult; job: Job | undefined }) {
  const { t, format, language } = useMessages()
  return (
    <li className="figures grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 border-t border-line py-3 sm:grid-cols-[7rem_1fr_auto]">
      <StateMark state={result.state} label={t.compute.state[result.state]} />
      <p className="text-right font-semibold sm:order-1">{result.credit > 0 && t.compute.earned(result.credit)}</p>
      <p className="col-span-2 sm:col-span-1">{reasonOf(t, result)}</p>
      <p className="text-sm text-soft max-sm:order-1 max-sm:col-span-2 sm:order-2">
        {format.moment(result.returnedAt, new Date())}
      </p>
      <p className="col-span-2 flex flex-wrap items-center gap-x-3 text-sm text-soft sm:order-2 sm:flex-nowrap">
        <Link to="/verify/$taskId" params={{ taskId: result.taskId }} className="link -my-2 shrink-0 py-3">
          {t.compute.resultName(result.taskId)}
        </Link>
        <span className="min-w-0 flex-1 max-sm:order-last max-sm:basis-full sm:truncate">
          {jobTitle(t, language, job ?? result)}
        </span>
        <span className="shrink-0">{t.compute.took(result.elapsedMs)}</span>
      </p>
    </li>
  )
}

/** What this account returned and what became of it, newest first. */
export function ResultList() {
  const { t } = useMessages()
  const query = useAccount()
  const jobs = useQuery(jobsQuery()).data?.jobs ?? []
  const account = query.data?.kind === 'known' ? query.data.account : undefined
  const results = account?.results ?? []
  return (
    <Section
      title={t.compute.results}
      aside={account && results.length > 0 ? t.compute.resultsNewest(results.length, account.returned) : undefined}
    >
      <p className="measure mb-4 text-sm text-soft">{t.compute.secondOpinion}</p>
      {query.isPending && query.fetchStatus === 'fetching' ? (
        <Skeleton lines={5} className="h-14 w-full" />
      ) : results.length === 0 ? (
        <div className="border-t border-line py-4">
          <p className="font-semibold">{t.compute.resultsEmptyTitle}</p>
          <p className="text-soft">{t.compute.resultsEmpty}</p>
        </div>
      ) : (
        <ul aria-label={t.compute.results}>
          {results.map(result => (
            <ResultRow key={result.taskId} result={result} job={jobs.find(({ id }) => id === result.jobId)} />
          ))}
        </ul>
      )}
    </Section>
  )
}

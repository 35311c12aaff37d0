import { Link } from '@tanstack/react-router'
import type { OwnResult } from '../../protocol/account.ts'
import { findKernel } from '../../wasm/kernels.ts'
import type { Messages } from '../messages/en.ts'
import { useMessages } from '../messages/use-messages.ts'
import { useAccount } from '../queries/use-account.ts'
import { Section } from './Section.tsx'
import { Skeleton } from './Skeleton.tsx'
import { StateMark } from './StateMark.tsx'

const reasonOf = (t: Messages, { state, others }: OwnResult) =>
  state === 'accepted' ? t.compute.reason.accepted(others) : t.compute.reason[state]

function ResultRow({ result }: { result: OwnResult }) {
  const { t, format, language } = useMessages()
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-0.5 border-t border-line py-3 sm:grid-cols-[8rem_1fr_auto]">
      <StateMark state={result.state} label={t.compute.state[result.state]} />
      <p className="figures text-right font-semibold sm:order-last">
        {result.credit > 0 && t.compute.earned(result.credit)}
      </p>
      <div className="col-span-2 sm:col-span-1">
        <p>{reasonOf(t, result)}</p>
        <p className="figures flex flex-wrap items-center gap-x-3 text-sm text-soft">
          <Link to="/verify/$taskId" params={{ taskId: result.taskId }} className="link -my-2 py-3">
            {t.compute.resultName(result.taskId)}
          </Link>
          <span>{format.moment(result.returnedAt, new Date())}</span>
          <span>{t.compute.took(result.elapsedMs)}</span>
          <span>{findKernel(result.kernelId)?.text[language].title ?? result.kernelId}</span>
        </p>
      </div>
    </li>
  )
}

/** What this account returned and what became of it, newest first. */
export function ResultList() {
  const { t } = useMessages()
  const query = useAccount()
  const results = query.data?.kind === 'known' ? query.data.account.results : []
  return (
    <Section title={t.compute.results} aside={results.length > 0 ? t.compute.resultsNewest(results.length) : undefined}>
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
            <ResultRow key={result.taskId} result={result} />
          ))}
        </ul>
      )}
    </Section>
  )
}

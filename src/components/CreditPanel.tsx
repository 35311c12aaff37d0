import { CreditChart } from '../charts/CreditChart.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { useAccount } from '../queries/use-account.ts'
import { Failure } from './Failure.tsx'
import { Section } from './Section.tsx'

/** Credit of this account: only what is accepted counts, what waits says so. */
export function CreditPanel() {
  const { t, format } = useMessages()
  const query = useAccount()
  if (query.data === undefined && query.error)
    return (
      <Section title={t.compute.credit}>
        <Failure error={query.error} onRetry={() => query.refetch()} />
      </Section>
    )
  const account = query.data?.kind === 'known' ? query.data.account : undefined
  // Nobody who has never computed waits for an answer: nothing is known to be nothing.
  const isUnknown = query.data === undefined && query.fetchStatus === 'fetching'
  const accepted = BigInt(account?.accepted ?? 0)
  const rejected = BigInt(account?.rejected ?? 0)
  const waiting = BigInt(account?.waiting ?? 0)
  return (
    <Section title={t.compute.credit}>
      <p className="figures flex items-baseline gap-2">
        <span data-testid="credit" className="text-4xl font-semibold">
          {isUnknown ? '–' : format.credit(account?.credit ?? 0)}
        </span>
        <span className="text-soft">{t.compute.creditUnit}</span>
      </p>
      <p className="figures mt-1 mb-4 flex flex-wrap gap-x-4 text-sm text-soft">
        <span>{t.compute.acceptedCount(format.integer(accepted))}</span>
        <span>{t.compute.waiting(format.integer(waiting))}</span>
        {rejected > 0n && <span>{t.compute.rejectedCount(format.integer(rejected))}</span>}
      </p>
      {account !== undefined && account.unvested > 0 && (
        <p className="mb-4 text-sm text-soft">{t.compute.unvested(account.unvested)}</p>
      )}
      {account !== undefined && account.forfeited > 0 && (
        <p className="mb-4 text-sm text-alert">{t.compute.forfeited(account.forfeited)}</p>
      )}
      <CreditChart history={account?.creditHistory ?? []} now={query.dataUpdatedAt} />
      <p className="mt-2 text-sm text-soft">{t.compute.creditIs}</p>
    </Section>
  )
}

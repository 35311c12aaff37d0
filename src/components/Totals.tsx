import type { UseQueryResult } from '@tanstack/react-query'
import type { Network } from '../../protocol/network.ts'
import { useMessages } from '../messages/use-messages.ts'
import { agreementOf } from './agreement.ts'
import { Loaded } from './Loaded.tsx'

interface TotalProps {
  readonly value: string
  readonly name: string
  readonly hint?: string
}

function Total({ value, name, hint }: TotalProps) {
  return (
    <div className="flex flex-col-reverse justify-end border-t-2 border-tide pt-3">
      <dt className="text-sm text-soft">
        {name}
        {hint !== undefined && <span className="block text-xs">{hint}</span>}
      </dt>
      <dd className="figures text-2xl font-semibold sm:text-3xl">{value}</dd>
    </div>
  )
}

const gridClass = 'grid grid-cols-2 gap-x-6 gap-y-6 lg:grid-cols-4'
const skeleton = (
  <div aria-hidden="true" className={gridClass}>
    {['a', 'b', 'c', 'd'].map(key => (
      <div key={key} className="h-24 border-t-2 border-line pt-3">
        <span className="skeleton block h-8 w-24" />
      </div>
    ))}
  </div>
)

/** What all devices together have done, and how far they agree. */
export function Totals({ query }: { query: UseQueryResult<Network> }) {
  const { t, format } = useMessages()
  return (
    <Loaded query={query} skeleton={skeleton}>
      {network => {
        const agreement = agreementOf(network)
        return (
          <dl className={gridClass}>
            <Total
              value={format.integer(network.activeDevices)}
              name={t.network.active(network.activeDevices)}
              hint={t.network.activeHint}
            />
            <Total value={format.integer(network.accepted)} name={t.network.accepted} />
            <Total value={t.network.hours(network.credit)} name={t.network.credit} hint={t.network.creditHint} />
            <Total
              value={agreement === undefined ? '–' : format.percent(agreement, agreement === 1 ? 0 : 2)}
              name={t.network.agreement}
              hint={agreement === undefined ? t.network.agreementNone : t.network.agreementHint}
            />
          </dl>
        )
      }}
    </Loaded>
  )
}

import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { Price } from '../../posting/price.ts'

/** What a job costs, as a sum that one can check. */
export function CostSum({ price }: { price: Price }) {
  const { format } = useMessages()
  const p = usePostMessages()
  const { tasks, replicas, creditPerTask, cost, budget } = price
  const rows = [
    [p.sum.tasks, format.integer(tasks)],
    [p.sum.replicas, `× ${format.integer(replicas)}`],
    [p.sum.credit, `× ${creditPerTask < 0.0001 ? format.credit(creditPerTask) : format.decimal(creditPerTask, 4)}`],
  ] as const
  return (
    <section aria-labelledby="cost" className="rounded-xl border border-line bg-sheet p-5 sm:p-7">
      <h3 id="cost" className="mb-3 text-lg font-semibold">
        {p.sum.title}
      </h3>
      <table className="figures w-full max-w-xl">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row" className="py-1 pr-4 text-left font-normal text-soft">
                {name}
              </th>
              <td className="py-1 text-right whitespace-nowrap">{value}</td>
            </tr>
          ))}
          <tr className="border-t border-line font-semibold sm:text-lg">
            <th scope="row" className="py-2 pr-4 text-left">
              {p.sum.total}
            </th>
            <td className="py-2 text-right whitespace-nowrap">{p.sum.credits(format.credit(cost))}</td>
          </tr>
          <tr>
            <th scope="row" className="py-1 pr-4 text-left font-normal text-soft">
              {p.sum.budget}
            </th>
            <td className="py-1 text-right whitespace-nowrap">{p.sum.credits(format.credit(budget))}</td>
          </tr>
        </tbody>
      </table>
      <p className="measure mt-3 text-sm text-soft">{p.sum.estimate}</p>
    </section>
  )
}

import type { Receipt } from '../../protocol/tasks.ts'
import { useMessages } from '../messages/use-messages.ts'

/** Who returned what, under pseudonyms. Hidden until the verdict, so that nobody can copy. */
export function ReplicaTable({ receipt }: { receipt: Receipt }) {
  const { t, format } = useMessages()
  if (receipt.replicas.length === 0) return <p className="text-soft">{t.verify.replicasEmpty}</p>
  return (
    <>
      <p className="measure mb-4 text-soft">{t.verify.pseudonyms}</p>
      <ul>
        {receipt.replicas.map(({ pseudonym, returnedAt, elapsedMs, result }) => (
          <li key={pseudonym} className="figures grid gap-x-6 border-t border-line py-3 sm:grid-cols-[10rem_1fr_auto]">
            <span className="font-semibold">{pseudonym}</span>
            <span className="text-soft">
              {format.dateTime(returnedAt)} · {t.compute.took(elapsedMs)}
            </span>
            <span className={result.agrees ? 'text-tide' : 'text-alert'}>
              {result.kind === 'failed'
                ? t.verify.failedWith(result.reason)
                : result.agrees
                  ? t.verify.agrees
                  : t.verify.differs}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

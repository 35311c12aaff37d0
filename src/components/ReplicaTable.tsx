import type { Receipt, Replica } from '../../protocol/tasks.ts'
import type { Messages } from '../messages/en.ts'
import { useMessages } from '../messages/use-messages.ts'

function saidText(t: Messages, { result, standing }: Replica): string {
  if (standing === 'waiting') return t.verify.reviewed
  if (result.kind === 'failed') return t.verify.failedWith(result.reason)
  return result.agrees ? t.verify.agrees : t.verify.differs
}

/** Who returned what, under pseudonyms. Hidden until the verdict, so that nobody can copy. */
export function ReplicaTable({ receipt }: { receipt: Receipt }) {
  const { t, format } = useMessages()
  if (receipt.replicas.length === 0) return <p className="text-soft">{t.verify.replicasEmpty}</p>
  return (
    <>
      <p className="measure mb-4 text-soft">{t.verify.pseudonyms}</p>
      <ul>
        {receipt.replicas.map(replica => (
          <li
            key={replica.pseudonym}
            className="figures grid gap-x-6 border-t border-line py-3 sm:grid-cols-[10rem_1fr_auto]"
          >
            <span className="font-semibold">{replica.pseudonym}</span>
            <span className="text-soft">
              {format.dateTime(replica.returnedAt)} · {t.compute.took(replica.elapsedMs)} ·{' '}
              {t.verify.credibility(replica.credibility)}
            </span>
            <span
              className={`[overflow-wrap:anywhere] ${replica.result.agrees ? 'text-tide' : 'text-alert'} ${replica.result.kind === 'failed' ? 'sm:col-span-2 sm:col-start-2' : ''}`}
            >
              {saidText(t, replica)}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

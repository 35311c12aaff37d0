import { fromBase64Url } from '../../../protocol/bytes.ts'
import type { Compare } from '../../../protocol/jobs.ts'
import type { TrialOutcome, TrialSample } from '../../../protocol/posting.ts'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { hexRows } from '../../posting/look-at-bytes.ts'
import { StateMark } from '../StateMark.tsx'
import { Bytes, Hex } from './Bytes.tsx'
import { Log } from './LocalRunRow.tsx'
import { ToleranceOffer } from './ToleranceOffer.tsx'

interface TrialVerdictProps {
  readonly outcome: TrialOutcome
  readonly compare: Compare
  /** Asks for another check, with this comparison. */
  readonly onCompare: (compare: Compare) => void
}

/** Bytes that the server shows before the first difference, at most. */
const before = 16

/** What the server's check came to, and what to do about it. */
export function TrialVerdict({ outcome, compare, onCompare }: TrialVerdictProps) {
  const { format } = useMessages()
  const p = usePostMessages()
  switch (outcome.kind) {
    case 'passed':
      return (
        <div className="grid gap-3">
          <StateMark state="accepted" label={p.check.passed} />
          <p className="measure">{p.check.passedText(outcome.creditPerTask, compare.kind === 'tolerance')}</p>
          {compare.kind === 'tolerance' && (
            <ToleranceOffer compare={compare} onCompare={onCompare} outputBytes={outcome.samples[0]?.outputBytes} />
          )}
          <Samples samples={outcome.samples} />
        </div>
      )
    case 'different': {
      const start = Math.max(0, outcome.firstDifference - before)
      return (
        <div className="grid gap-4">
          <StateMark state="rejected" label={p.check.different} />
          <p className="measure">
            {p.check.differentText(format.integer(outcome.index), format.integer(outcome.firstDifference))}
          </p>
          {[outcome.one, outcome.other].map((bytes, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the first run and the second
            <div key={at}>
              <p className="mb-1 text-sm text-soft">{p.check.runNumber(at + 1)}</p>
              <Hex rows={hexRows(fromBase64Url(bytes), start)} marked={outcome.firstDifference} />
            </div>
          ))}
          <p className="measure text-soft">{p.check.differentHelp}</p>
          <ToleranceOffer compare={compare} onCompare={onCompare} outputBytes={outcome.samples[0]?.outputBytes} />
        </div>
      )
    }
    case 'failed':
      return (
        <div className="grid gap-3">
          <StateMark state="failed" label={p.check.failed(format.integer(outcome.index))} />
          <p className="measure [overflow-wrap:anywhere]">{outcome.reason}</p>
          <Log text={outcome.log} />
          <p className="measure text-soft">{p.check.failedHelp}</p>
        </div>
      )
    case 'refused':
      return (
        <div className="grid gap-3">
          <StateMark state="failed" label={p.check.refused} />
          <p className="measure [overflow-wrap:anywhere]">{outcome.reason}</p>
        </div>
      )
  }
}

function Samples({ samples }: { samples: readonly TrialSample[] }) {
  const { format } = useMessages()
  const p = usePostMessages()
  return (
    <details>
      <summary className="link inline-flex min-h-11 items-center text-sm">{p.check.samples(samples.length)}</summary>
      <ul>
        {samples.map(sample => (
          <li key={sample.index} className="grid gap-2 border-t border-line py-3">
            <p className="figures font-medium">{p.taskNumber(format.integer(sample.index))}</p>
            <p className="figures text-sm text-soft">
              {p.took(sample.elapsedMs)} · {p.memory(format.bytes(sample.memoryBytes))} ·{' '}
              {p.outputOf(format.bytes(sample.outputBytes))}
            </p>
            <Bytes label={p.outputHead} bytes={fromBase64Url(sample.outputHead)} />
            <Log text={sample.log} />
          </li>
        ))}
      </ul>
    </details>
  )
}

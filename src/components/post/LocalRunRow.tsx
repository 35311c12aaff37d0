import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { LocalRun } from '../../posting/local-runs.ts'
import { ProgressBar } from '../ProgressBar.tsx'
import { StateMark } from '../StateMark.tsx'
import { Bytes } from './Bytes.tsx'
import { CodeBox } from './CodeBox.tsx'

/** One task that is tried here: how far it is, or what came of it. */
export function LocalRunRow({ run }: { run: LocalRun }) {
  const { t, format } = useMessages()
  const p = usePostMessages()
  const name = p.taskNumber(format.integer(run.index))
  return (
    <li className="grid gap-3 border-t border-line py-4">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <p className="figures font-medium">{name}</p>
        {run.state === 'waiting' && <p className="text-soft">{p.try.waiting}</p>}
        {run.state === 'stopped' && <p className="text-soft">{p.try.stopped}</p>}
        {run.state === 'running' && (
          <div className="flex min-w-40 flex-1 items-center gap-3">
            <ProgressBar label={name} share={run.progress} text={t.compute.percentDone(run.progress)} />
            <span className="figures w-12 text-right">{t.compute.percentDone(run.progress)}</span>
          </div>
        )}
        {run.state === 'over' && (
          <>
            <StateMark
              state={run.outcome.kind === 'done' ? 'accepted' : 'failed'}
              label={run.outcome.kind === 'done' ? p.try.done : p.try.failed}
            />
            <p className="figures text-sm text-soft">
              {p.took(run.outcome.elapsedMs)}
              {run.outcome.kind === 'done' && ` · ${p.memory(format.bytes(run.outcome.memoryBytes))}`}
            </p>
          </>
        )}
      </div>
      {run.state === 'over' && (
        <div role="status" className="grid gap-3">
          {run.outcome.kind === 'done' ? (
            <Bytes label={p.output} bytes={run.outcome.output} />
          ) : (
            <p className="text-alert [overflow-wrap:anywhere]">{run.outcome.reason}</p>
          )}
          <Log text={run.outcome.log} />
        </div>
      )}
    </li>
  )
}

/** What the program wrote to its standard error. */
export function Log({ text }: { text: string }) {
  const p = usePostMessages()
  if (text === '') return undefined
  return (
    <details>
      <summary className="link inline-flex min-h-11 items-center text-sm">{p.log}</summary>
      <CodeBox isWrapped>{text}</CodeBox>
    </details>
  )
}

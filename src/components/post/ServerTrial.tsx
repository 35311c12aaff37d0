import { useRef } from 'react'
import { RefusedError } from '../../../protocol/errors.ts'
import type { Compare } from '../../../protocol/jobs.ts'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import type { Prepared } from '../../posting/prepared.ts'
import { useOwnPosting } from '../../posting/use-own-posting.ts'
import { useServerCheck } from '../../posting/use-server-check.ts'
import { useTrial } from '../../posting/use-trial.ts'
import { Button } from '../Button.tsx'
import { ProgressBar } from '../ProgressBar.tsx'
import { Note } from './Note.tsx'
import { postFailureText } from './post-failure-text.ts'
import { TrialVerdict } from './TrialVerdict.tsx'

const isGone = (error: Error | null): boolean => error instanceof RefusedError && error.problem.code === 'NotFoundError'

/** The check that a job is made of: the server runs a few tasks twice and compares. */
export function ServerTrial({ prepared }: { prepared: Prepared }) {
  const { format } = useMessages()
  const p = usePostMessages()
  const { draft } = usePosting()
  const { check, start, cancel } = useServerCheck()
  const title = useRef<HTMLHeadingElement>(null)
  const query = useTrial(draft.trial)
  const isOff = useOwnPosting()?.sponsored === 'off'
  const trial = draft.trial === undefined ? undefined : query.data
  const isRunning = draft.trial !== undefined && trial?.outcome === undefined && !query.error
  const isBusy = check.kind === 'uploading' || check.kind === 'asking'
  const sent = check.kind === 'uploading' ? check.sentBytes / Math.max(1, check.ofBytes) : 0
  const checked = trial === undefined ? 0 : trial.progress.done / Math.max(1, trial.progress.of)

  function begin(compare: Compare) {
    // The button goes as the check begins: who works by the keys goes on from here.
    title.current?.focus({ preventScroll: true })
    void start(prepared, compare)
  }

  return (
    <section aria-labelledby="server-check" className="rounded-xl border border-line bg-sheet p-5 sm:p-7">
      <h3 id="server-check" ref={title} tabIndex={-1} className="text-xl font-semibold focus:outline-none">
        {p.check.title}
      </h3>
      <p className="measure mt-2 mb-5 text-soft">{p.check.text}</p>
      <div className="flex min-h-11 flex-wrap items-center gap-x-5 gap-y-3">
        {isBusy && <Button onClick={cancel}>{p.check.cancel}</Button>}
        {isOff && <p className="text-soft">{p.check.off}</p>}
        {!isBusy && !isRunning && !isOff && (
          <Button kind={trial?.outcome?.kind === 'passed' ? 'plain' : 'lamp'} onClick={() => begin(draft.compare)}>
            {trial === undefined ? p.check.start : p.check.again}
          </Button>
        )}
        {check.kind === 'uploading' && (
          <div className="flex min-w-48 flex-1 flex-col gap-1">
            <ProgressBar
              label={p.check.uploading}
              share={sent}
              text={p.check.sent(format.bytes(check.sentBytes), format.bytes(check.ofBytes))}
            />
            <p className="figures text-sm text-soft">
              {p.check.sent(format.bytes(check.sentBytes), format.bytes(check.ofBytes))}
            </p>
          </div>
        )}
        {check.kind === 'asking' && <p className="text-soft">{p.check.asking}</p>}
        {isRunning && !isBusy && (
          <div className="flex min-w-48 flex-1 flex-col gap-1">
            <ProgressBar label={p.check.running} share={checked} text={p.check.runs(trial?.progress)} />
            <p className="figures text-sm text-soft">{p.check.runs(trial?.progress)}</p>
          </div>
        )}
      </div>
      <div role="status" className="mt-5 empty:hidden">
        {check.kind === 'failed' && <Note kind="alert">{postFailureText(p, check.error)}</Note>}
        {!isBusy && query.error && draft.trial !== undefined && (
          <Note kind="alert">{isGone(query.error) ? p.check.gone : postFailureText(p, query.error)}</Note>
        )}
        {trial?.outcome !== undefined && (
          <TrialVerdict outcome={trial.outcome} compare={trial.compare} onCompare={begin} />
        )}
      </div>
    </section>
  )
}

import { proxy } from 'comlink'
import { useEffect, useRef, useState } from 'react'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { type Digest, sha256 } from '../../protocol/digest.ts'
import { commandCapMs, programKernelId } from '../../protocol/kernel.ts'
import type { Receipt } from '../../protocol/tasks.ts'
import { useMessages } from '../messages/use-messages.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { Button } from './Button.tsx'
import { ProgressBar } from './ProgressBar.tsx'
import { RerunVerdict } from './RerunVerdict.tsx'
import { Section } from './Section.tsx'

export type RerunState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: number }
  | { readonly kind: 'done'; readonly digest: Digest; readonly elapsedMs: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'aborted' }

async function abort() {
  await (await connectVolunteer()).abortRerun()
}

/** Runs the receipt's task again in this tab and compares what comes out, bit by bit through SHA-256. */
export function Rerun({ receipt }: { receipt: Receipt }) {
  const { t } = useMessages()
  const [state, setState] = useState<RerunState>({ kind: 'idle' })
  const isRunning = useRef(false)

  // Whoever leaves the receipt did not ask for the core to go on.
  useEffect(
    () => () => {
      if (isRunning.current) abort().catch((cause: unknown) => console.error('The rerun goes on.', cause))
    },
    [],
  )

  async function rerun() {
    setState({ kind: 'running', progress: 0 })
    isRunning.current = true
    try {
      const volunteer = await connectVolunteer()
      const outcome = await volunteer.rerun(
        {
          kernel: { kind: 'digest', digest: receipt.kernelDigest },
          kernelId: receipt.kernelId,
          input: fromBase64Url(receipt.input),
          memoryCapBytes: receipt.memoryCapBytes,
          outputCapBytes: receipt.outputCapBytes,
          timeCapMs: commandCapMs(receipt.credit),
        },
        proxy((progress: number) =>
          setState(current => (current.kind === 'running' ? { kind: 'running', progress } : current)),
        ),
      )
      if (outcome.kind !== 'done') return setState(outcome)
      setState({ kind: 'done', digest: await sha256(outcome.output), elapsedMs: outcome.elapsedMs })
    } catch (cause) {
      setState({ kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) })
    } finally {
      isRunning.current = false
    }
  }

  // An uploaded program may never say how far it is.
  const isTold = state.kind === 'running' && (state.progress > 0 || receipt.kernelId !== programKernelId)
  const percent = isTold ? t.compute.percentDone(state.progress) : ''
  return (
    <Section title={t.verify.rerunTitle}>
      <div className="rounded-xl border border-line bg-sheet p-5 sm:p-7">
        <p className="measure mb-5 text-soft">{t.verify.rerunText}</p>
        <div className="flex min-h-11 flex-wrap items-center gap-x-5 gap-y-3">
          {state.kind === 'running' ? (
            <>
              <Button onClick={abort}>{t.verify.abort}</Button>
              <div className="flex min-w-48 flex-1 items-center gap-4">
                <ProgressBar
                  label={t.verify.running}
                  share={isTold ? state.progress : undefined}
                  text={isTold ? percent : t.job.untold}
                />
                <span className="figures w-12 text-right font-semibold">{percent}</span>
              </div>
              {!isTold && <p className="w-full text-sm text-soft">{t.job.untoldSentence}</p>}
            </>
          ) : (
            <Button kind={state.kind === 'idle' ? 'lamp' : 'plain'} onClick={rerun}>
              {state.kind === 'idle' ? t.verify.rerun : t.verify.rerunAgain}
            </Button>
          )}
        </div>
        <div role="status" className="empty:hidden">
          {(state.kind === 'done' || state.kind === 'failed' || state.kind === 'aborted') && (
            <RerunVerdict state={state} verdict={receipt.verdict} />
          )}
        </div>
      </div>
    </Section>
  )
}

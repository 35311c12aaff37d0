import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { usePrepared } from '../../posting/use-prepared.ts'
import { useTrial } from '../../posting/use-trial.ts'
import { LocalTry } from './LocalTry.tsx'
import { preparingText } from './preparing-text.ts'
import { ServerTrial } from './ServerTrial.tsx'
import { StepFrame } from './StepFrame.tsx'

/** The program on real tasks: first in this browser, then by the server, which says whether it is reproducible. */
export function TryStep() {
  const p = usePostMessages()
  const { draft } = usePosting()
  const preparing = usePrepared()
  const outcome = useTrial(draft.trial).data?.outcome
  const missing = outcome?.kind === 'passed' ? [] : [p.try.missing]
  return (
    <StepFrame lead={p.try.lead} missing={missing}>
      {preparing.kind === 'ready' ? (
        <>
          <LocalTry prepared={preparing.prepared} />
          <ServerTrial prepared={preparing.prepared} />
        </>
      ) : (
        <p className="text-soft">{preparingText(p, preparing)}</p>
      )}
    </StepFrame>
  )
}

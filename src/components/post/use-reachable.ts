import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { Step } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { stepsOf } from '../../posting/reduce-draft.ts'
import { usePrepared } from '../../posting/use-prepared.ts'
import { useTerms } from '../../posting/use-terms.ts'
import { programMissing } from './ProgramStep.tsx'

/** Steps that one may go to: all whose earlier ones have what they need. */
export function useReachable(): ReadonlySet<Step> {
  const p = usePostMessages()
  const { draft } = usePosting()
  const preparing = usePrepared()
  const terms = useTerms()
  const isDone: Readonly<Record<Step, boolean>> = {
    program: programMissing(p, draft).length === 0,
    input: preparing.kind === 'ready',
    try: terms !== undefined,
    price: terms !== undefined && terms.gaps.length === 0,
    review: false,
  }
  const steps = stepsOf(draft)
  const firstOpen = steps.findIndex(step => !isDone[step])
  return new Set(steps.slice(0, firstOpen + 1))
}

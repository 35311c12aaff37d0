import type { ReactNode } from 'react'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { stepsOf } from '../../posting/reduce-draft.ts'
import { Button } from '../Button.tsx'

interface StepFrameProps {
  readonly lead: ReactNode
  /** Sentences: what the step still needs. */
  readonly missing: readonly string[]
  /** In the place of Next, on the last step. */
  readonly action?: ReactNode
  /** Whether something on the step itself is the most important action. */
  readonly isNextQuiet?: boolean
  readonly children: ReactNode
}

/** One step: its heading, which takes the focus as the step begins, its fields, what is missing, Back and Next. */
export function StepFrame({ lead, missing, action, isNextQuiet = false, children }: StepFrameProps) {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const steps = stepsOf(draft)
  const at = steps.indexOf(draft.step)
  const [back, next] = [steps[at - 1], steps[at + 1]]
  return (
    <section aria-labelledby="step-title" className="mb-16">
      <h2 id="step-title" tabIndex={-1} className="scroll-mt-6 text-2xl font-semibold focus:outline-none">
        <span className="block font-sans text-sm font-normal text-tide">{p.place(at + 1, steps.length)}</span>
        {p.step[draft.step]}
      </h2>
      <p className="measure mt-2 mb-7 text-soft">{lead}</p>
      <div className="grid grid-cols-1 gap-8">{children}</div>
      <div className="mt-10 border-t border-line pt-5">
        <div role="status" className="mb-4 empty:hidden">
          {missing.length > 0 && (
            <>
              <p className="font-medium">{p.missing}</p>
              <ul className="mt-1 list-disc pl-5 text-soft [overflow-wrap:anywhere]">
                {missing.map(sentence => (
                  <li key={sentence}>{sentence}</li>
                ))}
              </ul>
            </>
          )}
        </div>
        <div className="flex flex-wrap gap-3">
          {back !== undefined && <Button onClick={() => dispatch({ kind: 'went', step: back })}>{p.back}</Button>}
          {next !== undefined && (
            <Button
              kind={isNextQuiet || missing.length > 0 ? 'plain' : 'lamp'}
              disabled={missing.length > 0}
              onClick={() => dispatch({ kind: 'went', step: next })}
            >
              {p.next(p.step[next])}
            </Button>
          )}
          {action}
        </div>
      </div>
    </section>
  )
}

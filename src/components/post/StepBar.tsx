import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { Step } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { stepsOf } from '../../posting/reduce-draft.ts'

/** Where one is among the steps, and the way back to those that are done. */
export function StepBar({ reachable }: { reachable: ReadonlySet<Step> }) {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const steps = stepsOf(draft)
  const at = steps.indexOf(draft.step)
  return (
    <nav aria-label={p.steps} className="mb-8">
      <ol className="flex gap-1.5 sm:gap-3">
        {steps.map((step, place) => {
          const isHere = place === at
          const line = place <= at ? 'border-tide' : 'border-line'
          const text = isHere ? 'font-semibold text-ink' : 'text-soft'
          return (
            <li key={step} className="min-w-0 flex-1" aria-current={isHere ? 'step' : undefined}>
              <button
                type="button"
                disabled={isHere || !reachable.has(step)}
                onClick={() => dispatch({ kind: 'went', step })}
                className={`flex min-h-11 w-full flex-col items-start border-t-4 pt-2 text-left text-sm transition-colors enabled:hover:text-ink ${line} ${text}`}
              >
                <span aria-hidden="true" className="sm:hidden">
                  {place + 1}
                </span>
                <span className="sr-only sm:not-sr-only">{p.step[step]}</span>
              </button>
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

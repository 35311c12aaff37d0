import { usePostMessages } from '../../messages/use-post-messages.ts'
import { chosenModule } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { TextField } from './TextField.tsx'
import { useInputProblem } from './use-input-problem.ts'

export function RangeFields() {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const { from, to, size } = draft.input
  const problemOf = useInputProblem()
  const isReactor = chosenModule(draft)?.program === 'reactor'
  return (
    <div>
      <div className="grid gap-4 sm:grid-cols-3">
        {(['from', 'to', 'size'] as const).map(name => (
          <TextField
            key={name}
            label={p.input.range[name]}
            value={{ from, to, size }[name]}
            inputMode="numeric"
            problem={problemOf(
              gap => (gap.kind === 'whole' ? gap.field : gap.kind === 'order' ? 'to' : gap.kind) === name,
            )}
            onChange={value => dispatch({ kind: 'input', change: { [name]: value } })}
          />
        ))}
      </div>
      <p className="measure mt-3 text-sm text-soft">{isReactor ? p.input.range.reactor : p.input.range.command}</p>
    </div>
  )
}

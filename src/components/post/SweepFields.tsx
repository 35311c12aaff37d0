import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { readValues } from '../../posting/read-split.ts'
import { Button } from '../Button.tsx'
import { TextField } from './TextField.tsx'
import { useInputProblem } from './use-input-problem.ts'

/** A grid: every combination of the values of all names. */
export function SweepFields() {
  const p = usePostMessages()
  const { format } = useMessages()
  const { draft, dispatch } = usePosting()
  const { sweep } = draft.input
  const problemOf = useInputProblem()
  const set = (next: typeof sweep) => dispatch({ kind: 'input', change: { sweep: next } })
  const change = (at: number, part: Partial<(typeof sweep)[number]>) =>
    set(sweep.map((row, place) => (place === at ? { ...row, ...part } : row)))
  return (
    <div>
      <ul className="grid gap-5">
        {sweep.map(({ name, values }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its name changes as one types
          <li key={at} className="grid gap-3 border-t border-line pt-4 sm:grid-cols-[12rem_1fr_10rem] sm:items-start">
            <TextField
              label={p.input.sweep.name}
              value={name}
              isCode
              maxLength={64}
              problem={problemOf(
                gap => (gap.kind === 'sweepName' || gap.kind === 'sweepTwice') && gap.name === name.trim(),
              )}
              onChange={next => change(at, { name: next })}
            />
            <TextField
              label={p.input.sweep.values}
              hint={p.input.sweep.count(format.integer(readValues(values).length))}
              value={values}
              rows={3}
              isCode
              problem={problemOf(gap => gap.kind === 'sweepValues' && gap.name === name.trim())}
              onChange={next => change(at, { values: next })}
            />
            {sweep.length > 1 && (
              <Button
                kind="bare"
                className="-mx-5 justify-self-start [overflow-wrap:anywhere] sm:mx-0 sm:mt-7"
                onClick={() => set(sweep.filter((_, place) => place !== at))}
              >
                {p.input.sweep.remove(name)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sweep.length < 16 && (
        <Button className="mt-4" onClick={() => set([...sweep, { name: `x${sweep.length + 1}`, values: '1, 2, 3' }])}>
          {p.input.sweep.add}
        </Button>
      )}
      <p className="measure mt-3 text-sm text-soft">{p.input.sweep.hint}</p>
    </div>
  )
}

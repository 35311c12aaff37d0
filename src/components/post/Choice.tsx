import { type ReactNode, useId } from 'react'

interface Option<T extends string> {
  readonly value: T
  readonly title: string
  readonly text?: ReactNode
}

interface ChoiceProps<T extends string> {
  readonly legend: string
  readonly isLegendHidden?: boolean
  readonly options: readonly Option<T>[]
  readonly value: T | ''
  readonly onChange: (value: T) => void
  readonly columns?: 2 | 3 | 4
}

const grids = { 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-3', 4: 'sm:grid-cols-2 lg:grid-cols-4' } as const

/** One of a few, each with its reason beside it. */
export function Choice<T extends string>({
  legend,
  isLegendHidden = false,
  options,
  value,
  onChange,
  columns = 3,
}: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset>
      <legend className={isLegendHidden ? 'sr-only' : 'mb-2 font-medium'}>{legend}</legend>
      <div className={`grid gap-3 ${grids[columns]}`}>
        {options.map(option => (
          <label
            key={option.value}
            className="flex min-h-11 cursor-pointer items-start gap-3 rounded-xl border border-line bg-sheet px-4 py-3 transition-colors hover:border-edge has-checked:border-tide has-checked:ring-1 has-checked:ring-tide has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-tide"
          >
            <input
              type="radio"
              name={name}
              aria-labelledby={`${name}-${option.value}`}
              aria-describedby={`${name}-${option.value}-text`}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="mt-1 size-4 shrink-0 accent-tide focus-visible:outline-none"
            />
            <span className="min-w-0">
              <span id={`${name}-${option.value}`} className="block font-medium">
                {option.title}
              </span>
              {option.text !== undefined && (
                <span id={`${name}-${option.value}-text`} className="mt-0.5 block text-sm text-soft">
                  {option.text}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

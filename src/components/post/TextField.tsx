import { type ReactNode, useId } from 'react'

interface TextFieldProps {
  readonly label: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: ReactNode
  /** What is wrong with it, in a sentence. */
  readonly problem?: string | undefined
  readonly unit?: string
  readonly rows?: number
  readonly inputMode?: 'numeric' | 'decimal' | 'text'
  readonly type?: 'text' | 'datetime-local'
  readonly maxLength?: number
  readonly isCode?: boolean
}

const boxClass = 'figures w-full min-w-0 rounded-md border bg-sheet px-3 aria-invalid:border-alert border-edge'

/** A labelled field. Its hint, and what is wrong with it, are read with it. */
export function TextField({
  label,
  value,
  onChange,
  hint,
  problem,
  unit,
  rows,
  inputMode,
  type,
  maxLength,
  isCode,
}: TextFieldProps) {
  const id = useId()
  const shared = {
    id,
    value,
    maxLength,
    'aria-invalid': problem !== undefined,
    'aria-describedby': `${id}-hint ${id}-problem`,
    spellCheck: isCode === true ? false : undefined,
    className: `${boxClass} ${isCode === true ? 'font-mono text-sm' : ''}`,
  }
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <div className="mt-1.5 flex items-center gap-2">
        {rows === undefined ? (
          <input
            {...shared}
            type={type ?? 'text'}
            inputMode={inputMode}
            autoComplete="off"
            onChange={event => onChange(event.target.value)}
            className={`h-11 ${shared.className}`}
          />
        ) : (
          <textarea
            {...shared}
            rows={rows}
            onChange={event => onChange(event.target.value)}
            className={`py-2 leading-relaxed ${shared.className}`}
          />
        )}
        {unit !== undefined && <span className="shrink-0 text-soft">{unit}</span>}
      </div>
      <p id={`${id}-hint`} className="mt-1 text-sm text-soft empty:hidden">
        {hint}
      </p>
      <p id={`${id}-problem`} className="mt-1 text-sm text-alert empty:hidden">
        {problem}
      </p>
    </div>
  )
}

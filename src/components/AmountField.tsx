import { Slider } from 'radix-ui'
import { useId, useState } from 'react'
import { useMessages } from '../messages/use-messages.ts'

interface AmountFieldProps {
  readonly label: string
  readonly hint: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly unit?: string
  readonly onChange: (value: number) => void
}

/** An amount by slider or by number. What is typed counts once it is a whole number within the bounds. */
export function AmountField({ label, hint, value, min, max, step, unit, onChange }: AmountFieldProps) {
  const { t } = useMessages()
  const id = useId()
  const [draft, setDraft] = useState<string>()

  function type(text: string) {
    setDraft(text)
    const typed = Number(text)
    if (text !== '' && Number.isInteger(typed) && typed >= min && typed <= max) onChange(typed)
  }

  return (
    <div>
      <div className="flex items-center justify-between gap-4">
        <span id={`${id}-label`} className="font-medium">
          {label}
        </span>
        <span className="flex items-center gap-1.5">
          <input
            type="number"
            inputMode="numeric"
            aria-label={t.limits.numberFor(label)}
            aria-describedby={`${id}-hint`}
            min={min}
            max={max}
            step={1}
            value={draft ?? value}
            onChange={event => type(event.target.value)}
            onBlur={() => setDraft(undefined)}
            className="figures h-11 w-20 rounded-md border border-edge bg-paper px-3 text-right"
          />
          {unit !== undefined && (
            <span aria-hidden="true" className="w-4 text-soft">
              {unit}
            </span>
          )}
        </span>
      </div>
      <Slider.Root
        min={min}
        // A slider of one step needs two ends.
        max={Math.max(max, min + 1)}
        step={step}
        value={[value]}
        disabled={max === min}
        onValueChange={([next]) => next !== undefined && onChange(next)}
        className="relative flex h-11 w-full touch-none items-center select-none"
      >
        <Slider.Track className="relative h-1.5 grow rounded-full bg-well ring-1 ring-line ring-inset">
          <Slider.Range className="absolute h-full rounded-full bg-tide" />
        </Slider.Track>
        <Slider.Thumb
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-hint`}
          className="block size-6 rounded-full border-2 border-tide bg-sheet after:absolute after:-inset-2.5"
        />
      </Slider.Root>
      <p id={`${id}-hint`} className="text-sm text-soft">
        {hint}
      </p>
    </div>
  )
}

import { type ReactNode, useId } from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { setPreferences } from '../preferences/preferences.ts'
import { usePreferences } from '../preferences/use-preferences.ts'
import { useConditions } from '../volunteer/use-volunteer.ts'
import { AmountFields } from './AmountFields.tsx'
import { Section } from './Section.tsx'

interface WishProps {
  readonly label: string
  readonly hint: ReactNode
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function Wish({ label, hint, checked, onChange }: WishProps) {
  const id = useId()
  return (
    <div className="border-t border-line py-2">
      <label htmlFor={id} className="flex min-h-11 items-center justify-between gap-4 font-medium">
        {label}
        <input
          id={id}
          type="checkbox"
          checked={checked}
          aria-describedby={`${id}-hint`}
          onChange={event => onChange(event.target.checked)}
          className="size-5 shrink-0 accent-tide"
        />
      </label>
      <p id={`${id}-hint`} className="text-sm text-soft">
        {hint}
      </p>
    </div>
  )
}

/** How much, and when not. Changes act at once and are kept. */
export function Limits() {
  const { t } = useMessages()
  const { pauseWhenHidden, pauseOnLowBattery, pauseOnMetered } = usePreferences()
  const { battery, metered } = useConditions()
  const meteredHint = metered === undefined ? 'unknown' : metered ? 'metered' : 'unmetered'
  return (
    <Section title={t.limits.title}>
      <div className="mb-6">
        <AmountFields />
      </div>
      <Wish
        label={t.limits.hidden}
        hint={t.limits.hiddenHint}
        checked={pauseWhenHidden}
        onChange={checked => setPreferences({ pauseWhenHidden: checked })}
      />
      <Wish
        label={t.limits.battery}
        hint={
          battery === undefined
            ? t.limits.batteryHint.unknown
            : t.limits.batteryHint.known(battery.percent, battery.charging)
        }
        checked={pauseOnLowBattery}
        onChange={checked => setPreferences({ pauseOnLowBattery: checked })}
      />
      <Wish
        label={t.limits.metered}
        hint={t.limits.meteredHint[meteredHint]}
        checked={pauseOnMetered}
        onChange={checked => setPreferences({ pauseOnMetered: checked })}
      />
    </Section>
  )
}

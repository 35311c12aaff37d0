import { useMessages } from '../messages/use-messages.ts'
import { deviceCores } from '../preferences/schema.ts'
import { usePreferences } from '../preferences/use-preferences.ts'
import { grant } from '../volunteer/control.ts'
import { AmountField } from './AmountField.tsx'
import { useAct } from './use-act.ts'

/** How many cores, and how much of each. The same on the consent sheet and while computing. */
export function AmountFields() {
  const { t } = useMessages()
  const { cores, cpuPercent } = usePreferences()
  const act = useAct()
  return (
    <div className="grid gap-6">
      <AmountField
        label={t.limits.cores}
        hint={t.limits.coresHint(deviceCores)}
        value={Math.min(cores, deviceCores)}
        min={1}
        max={deviceCores}
        step={1}
        onChange={value => act(grant({ cores: value }))}
      />
      <AmountField
        label={t.limits.cpu}
        hint={t.limits.cpuHint}
        value={cpuPercent}
        min={10}
        max={100}
        step={5}
        unit={t.limits.cpuUnit}
        onChange={value => act(grant({ cpuPercent: value }))}
      />
    </div>
  )
}

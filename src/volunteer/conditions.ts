import type { Conditions } from './hold.ts'

// Battery Status and Network Information exist in Chromium only; TypeScript's library leaves them out.
interface BatteryManager extends EventTarget {
  readonly charging: boolean
  readonly level: number
}
interface NetworkInformation extends EventTarget {
  readonly saveData?: boolean
  readonly type?: string
}
interface ProbedNavigator {
  readonly getBattery?: () => Promise<BatteryManager>
  readonly connection?: NetworkInformation
}

const probed = navigator as ProbedNavigator
const listeners = new Set<() => void>()
let battery: BatteryManager | undefined
let conditions = read()
let isWatching = false

function read(): Conditions {
  const { connection } = probed
  return {
    hidden: document.visibilityState === 'hidden',
    ...(battery && { battery: { percent: Math.round(battery.level * 100), charging: battery.charging } }),
    ...(connection && { metered: connection.saveData === true || connection.type === 'cellular' }),
  }
}

function changed(): void {
  conditions = read()
  for (const listener of listeners) listener()
}

async function watchBattery(): Promise<void> {
  battery = await probed.getBattery?.()
  for (const event of ['chargingchange', 'levelchange']) battery?.addEventListener(event, changed)
  changed()
}

function watch(): void {
  isWatching = true
  document.addEventListener('visibilitychange', changed)
  probed.connection?.addEventListener('change', changed)
  watchBattery().catch((cause: unknown) => console.info('The browser keeps the battery to itself.', cause))
}

export const getConditions = (): Conditions => conditions

export function subscribeConditions(listener: () => void): () => void {
  if (!isWatching) watch()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

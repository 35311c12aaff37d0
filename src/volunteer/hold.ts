/** Why computing rests by itself. */
export type HoldReason = 'hidden' | 'battery' | 'metered'

/** What the browser tells; absent where it does not. */
export interface Conditions {
  readonly hidden: boolean
  readonly battery?: { readonly percent: number; readonly charging: boolean }
  readonly metered?: boolean
}

interface HoldWishes {
  readonly pauseWhenHidden: boolean
  readonly pauseOnLowBattery: boolean
  readonly pauseOnMetered: boolean
}

const lowBatteryPercent = 30

/** Whether the person's wishes and the device's conditions together ask for rest. */
export function holdReason(wishes: HoldWishes, { hidden, battery, metered }: Conditions): HoldReason | undefined {
  if (wishes.pauseOnLowBattery && battery !== undefined && !battery.charging && battery.percent < lowBatteryPercent)
    return 'battery'
  if (wishes.pauseOnMetered && metered === true) return 'metered'
  if (wishes.pauseWhenHidden && hidden) return 'hidden'
  return undefined
}

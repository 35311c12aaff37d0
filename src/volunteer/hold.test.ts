import { describe, expect, test } from 'vitest'
import { holdReason } from './hold.ts'

const all = { pauseWhenHidden: true, pauseOnLowBattery: true, pauseOnMetered: true }
const none = { pauseWhenHidden: false, pauseOnLowBattery: false, pauseOnMetered: false }
const worst = { hidden: true, battery: { percent: 5, charging: false }, metered: true }

describe('holdReason', () => {
  test('default', () => {
    expect(holdReason(all, { hidden: false })).toBeUndefined()
    expect(holdReason(all, worst)).toBe('battery')
    expect(holdReason({ ...none, pauseOnMetered: true }, worst)).toBe('metered')
    expect(holdReason({ ...none, pauseWhenHidden: true }, worst)).toBe('hidden')
  })
  test('behavior: nobody who wished for nothing is held', () => {
    expect(holdReason(none, worst)).toBeUndefined()
  })
  test('behavior: a charging or a fuller battery is no reason', () => {
    expect(holdReason(all, { hidden: false, battery: { percent: 5, charging: true } })).toBeUndefined()
    expect(holdReason(all, { hidden: false, battery: { percent: 30, charging: false } })).toBeUndefined()
    expect(holdReason(all, { hidden: false, battery: { percent: 29, charging: false } })).toBe('battery')
  })
})

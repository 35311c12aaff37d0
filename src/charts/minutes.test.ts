import { describe, expect, test } from 'vitest'
import { lastHour } from './minutes.ts'

const now = Date.parse('2026-11-22T13:30:20Z')

describe('lastHour', () => {
  test('default', () => {
    const minutes = lastHour([{ minute: '2026-11-22T13:29:00Z', returned: 5, accepted: 2 }], now)
    expect(minutes).toHaveLength(60)
    expect(minutes[58]).toEqual({ at: Date.parse('2026-11-22T13:29:00Z'), returned: 5, accepted: 2 })
    expect(minutes[59]).toEqual({ at: Date.parse('2026-11-22T13:30:00Z'), returned: 0, accepted: 0 })
  })
  test('behavior: what is older than an hour is left out', () => {
    const minutes = lastHour([{ minute: '2026-11-22T12:30:00Z', returned: 9, accepted: 9 }], now)
    expect(minutes.every(({ returned }) => returned === 0)).toBe(true)
  })
})

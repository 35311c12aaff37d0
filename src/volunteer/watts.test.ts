import { describe, expect, test } from 'vitest'
import { extraWatts } from './watts.ts'

describe('extraWatts', () => {
  test('default', () => {
    expect(extraWatts({ cores: 4, cpuPercent: 100 })).toEqual({ low: 12, high: 48 })
  })
  test('behavior: half the time, half the watts', () => {
    expect(extraWatts({ cores: 2, cpuPercent: 50 })).toEqual({ low: 3, high: 12 })
  })
})

import { describe, expect, test } from 'vitest'
import { hourlyBytes } from './traffic.ts'

describe('hourlyBytes', () => {
  test('default', () => {
    expect(hourlyBytes({ cores: 2, cpuPercent: 100 }, [{ creditPerTask: 2 }])).toBe(16_800_000)
  })
  test('behavior: half the share, half the tasks', () => {
    expect(hourlyBytes({ cores: 2, cpuPercent: 50 }, [{ creditPerTask: 2 }])).toBe(11_400_000)
  })
  test('behavior: without jobs only the figures travel', () => {
    expect(hourlyBytes({ cores: 8, cpuPercent: 100 }, [])).toBe(6_000_000)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldSlowness, leaseMs, type Slowness } from './lease-time.ts'

const minute = 60_000

describe('leaseMs', () => {
  test('default: five times what a measured device needs, twenty times the reference for others', () => {
    expect(leaseMs(600, 2)).toBe(100 * minute)
    expect(leaseMs(600)).toBe(200 * minute)
    expect(leaseMs(600, 1, 600)).toBe(100 * minute)
  })

  test('behavior: at least a quarter of an hour', () => {
    expect(leaseMs(1, 0.5)).toBe(15 * minute)
  })

  test('behavior: whatever a device claims, a lease ends', () => {
    const report = fc.record({
      credit: fc.double({ min: 0.001, max: 3600, noNaN: true }),
      elapsedMs: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    })
    fc.assert(
      fc.property(fc.array(report, { minLength: 1 }), reports => {
        const slowness = reports.reduce<Slowness>(foldSlowness, undefined)
        expect(leaseMs(60, slowness)).toBeLessThanOrEqual(60 * 50 * 5 * 1000)
      }),
    )
  })
})

describe('foldSlowness', () => {
  test('default: the first result is believed, a slower one counts more than a faster one', () => {
    expect(foldSlowness(undefined, { credit: 10, elapsedMs: 20_000 })).toBe(2)
    expect(foldSlowness(2, { credit: 10, elapsedMs: 40_000 })).toBe(3)
    expect(foldSlowness(2, { credit: 10, elapsedMs: 10_000 })).toBeCloseTo(1.9, 12)
  })

  test('behavior: a task without credit says nothing', () => {
    expect(foldSlowness(2, { credit: 0, elapsedMs: 10_000 })).toBe(2)
  })
})

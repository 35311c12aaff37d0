import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { retryDelayMs } from './retry-delay.ts'

describe('retryDelayMs', () => {
  test('default', () => {
    expect(retryDelayMs(0, 0.5)).toBe(500)
    expect(retryDelayMs(3, 1)).toBe(8000)
    expect(retryDelayMs(1000, 1)).toBe(30_000)
  })

  test('behavior: never before the server said, and never all together', () => {
    const random = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.nat(), random, fc.nat(3600), (attempt, chance, retryAfterSeconds) => {
        const delayMs = retryDelayMs(attempt, chance, retryAfterSeconds)
        expect(delayMs).toBeGreaterThanOrEqual(retryAfterSeconds * 1000)
        expect(delayMs).toBeLessThanOrEqual(retryAfterSeconds * 1000 + 30_000)
        const spreadMs = retryDelayMs(attempt, 1, retryAfterSeconds) - retryDelayMs(attempt, 0, retryAfterSeconds)
        expect(spreadMs).toBeGreaterThanOrEqual(Math.min(30_000, retryAfterSeconds * 1000))
      }),
    )
    expect(retryDelayMs(2, 0.1, 5)).not.toBe(retryDelayMs(2, 0.2, 5))
  })
})

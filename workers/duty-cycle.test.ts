import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { oweRest, payRest, restDueMs } from './duty-cycle.ts'

describe('duty cycle', () => {
  test('default', () => {
    expect(oweRest(0, 15, 50)).toBe(15)
    expect(oweRest(0, 15, 25)).toBe(45)
    expect(oweRest(12, 15, 100)).toBe(0)
  })

  test('behavior: rest too short for a timer is saved up', () => {
    expect(restDueMs(3.9)).toBe(0)
    expect(restDueMs(4)).toBe(4)
  })

  test('behavior: the share holds, however late the timers fire', () => {
    const step = fc.record({
      computeMs: fc.double({ min: 0.1, max: 40, noNaN: true }),
      lateMs: fc.double({ min: 0, max: 20, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 99 }),
        fc.array(step, { minLength: 200, maxLength: 400 }),
        (percent, steps) => {
          let [debtMs, computedMs, restedMs] = [0, 0, 0]
          for (const { computeMs, lateMs } of steps) {
            computedMs += computeMs
            debtMs = oweRest(debtMs, computeMs, percent)
            for (let dueMs = restDueMs(debtMs); dueMs > 0; dueMs = restDueMs(debtMs)) {
              restedMs += dueMs + lateMs
              debtMs = payRest(debtMs, dueMs + lateMs)
            }
          }
          const owedMs = (computedMs * (100 - percent)) / percent
          // What is left over is one rest at most: unpaid, or credit of the last late timer.
          expect(Math.abs(restedMs - owedMs)).toBeLessThanOrEqual(Math.max(4, 50))
        },
      ),
    )
  })

  test('behavior: a long rest comes in slices', () => {
    expect(restDueMs(30_000)).toBe(250)
  })

  test('behavior: a machine that slept for an hour inside a call owes no hours of rest', () => {
    expect(oweRest(0, 3_600_000, 50)).toBe(10_000)
    expect(oweRest(0, 3650, 10)).toBeCloseTo(32_850)
  })

  test('behavior: a machine that slept for an hour in a rest is owed no hour of full speed', () => {
    expect(payRest(10, 3_600_000)).toBe(-50)
  })
})

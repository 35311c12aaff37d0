import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestBudget, nextBudget } from './step-budget.ts'

describe('nextBudget', () => {
  test('default', () => {
    expect(nextBudget(1000, 30)).toBe(500)
    expect(nextBudget(1000, 7.5)).toBe(2000)
  })

  test('behavior: comes to about 15 ms within a few steps, whatever a unit costs', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 10, noNaN: true }), msPerUnit => {
        let budget = 1
        for (let step = 0; step < 12; step++) budget = nextBudget(budget, budget * msPerUnit)
        const tookMs = budget * msPerUnit
        expect(tookMs).toBeGreaterThanOrEqual(7)
        expect(tookMs).toBeLessThanOrEqual(23)
      }),
    )
  })

  test('behavior: stays a positive i32', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: largestBudget }), fc.double({ min: 0, noNaN: true }), (budget, tookMs) => {
        const next = nextBudget(budget, tookMs)
        expect(Number.isInteger(next) && next >= 1 && next <= largestBudget).toBe(true)
      }),
    )
  })
})

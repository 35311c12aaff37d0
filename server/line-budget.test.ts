import { describe, expect, test } from 'vitest'
import { createLineBudget, linesPerSecond } from './line-budget.ts'

const times = <T>(count: number, take: () => T): T[] => Array.from({ length: count }, take)

describe('createLineBudget', () => {
  test('default: so many a second, then none, and the next second tells how many were left out', () => {
    let now = 500
    const budget = createLineBudget(() => now)
    expect(times(linesPerSecond, budget.take)).toEqual(times(linesPerSecond, () => 0))
    expect(times(7, budget.take)).toEqual(times(7, () => undefined))
    now = 1000
    expect(budget.take()).toBe(7)
    expect(times(linesPerSecond - 1, budget.take)).toEqual(times(linesPerSecond - 1, () => 0))
    expect(budget.take()).toBeUndefined()
  })
})

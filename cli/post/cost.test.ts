import { describe, expect, test } from 'vitest'
import { Policy } from '../../protocol/jobs.ts'
import { costOf, defaultBudget } from './cost.ts'

describe('costOf', () => {
  test('default', () => {
    expect(costOf(64n, 0.31, Policy.parse({}))).toBe('64 tasks x 0.31 credits x 2 accounts = 39.68 credits')
  })

  test('behavior: more accounts cost more, and what is small is not shown as nothing', () => {
    expect(costOf(1n, 0.0012345, Policy.parse({ minReplicas: 3 }))).toBe(
      '1 task x 0.00123 credits x 3 accounts = 0.0037 credits',
    )
    expect(costOf(1_000_000_000_000n, 2, Policy.parse({ minReplicas: 1 }))).toBe(
      '1,000,000,000,000 tasks x 2 credits x 2 accounts = 4,000,000,000,000 credits',
    )
  })
})

describe('defaultBudget', () => {
  test('default: enough for five newcomers to each task', () => {
    expect(defaultBudget(64n, 0.5, Policy.parse({}))).toBe(160)
    expect(defaultBudget(1n, 0.5, Policy.parse({ maxReplicas: 2 }))).toBe(1)
  })
})

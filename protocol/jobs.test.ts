import { describe, expect, test } from 'vitest'
import { enoughReplicas, newcomersFor, Policy } from './jobs.ts'

describe('newcomersFor', () => {
  test('default', () => {
    // Believed 4 : 1 each, so many votes are the first to reach the odds.
    for (const oneIn of [10, 100, 1000, 10_000]) {
      const votes = newcomersFor(1 - 1 / oneIn)
      expect(4 ** votes).toBeGreaterThanOrEqual(oneIn - 1)
      if (votes > 2) expect(4 ** (votes - 1)).toBeLessThan(oneIn - 1)
    }
  })
})

describe('enoughReplicas', () => {
  test('default', () => {
    expect(enoughReplicas(Policy.parse({}))).toBe(5)
    expect(enoughReplicas(Policy.parse({ maxReplicas: 3 }))).toBe(3)
    expect(enoughReplicas(Policy.parse({ minReplicas: 6 }))).toBe(6)
  })
})

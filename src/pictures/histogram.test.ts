import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coarser, quantileOf, totalOf } from './histogram.ts'

describe('quantileOf', () => {
  test('default', () => {
    const histogram = { binWidth: 0.5, counts: [0, 10, 10, 0] }
    expect(quantileOf(histogram, 0.5)).toBe(1)
    expect(quantileOf(histogram, 0.25)).toBe(0.75)
    expect(quantileOf(histogram, 1)).toBe(1.5)
  })
  test('behavior: nothing counted, nothing said', () => {
    expect(quantileOf({ binWidth: 1, counts: [0, 0] }, 0.5)).toBeUndefined()
  })
  test('behavior: a quantile in the open last bin has no value', () => {
    expect(quantileOf({ binWidth: 1, counts: [1, 9] }, 0.5)).toBeUndefined()
    expect(quantileOf({ binWidth: 1, counts: [1, 9] }, 0.1)).toBe(1)
  })
  test('behavior: quantiles grow with their share', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 2, maxLength: 60 }).map(all => [...all, 0])
    const share = fc.double({ min: 0.001, max: 1, noNaN: true })
    void fc.assert(
      fc.property(counts, share, share, (counts, one, other) => {
        const low = quantileOf({ binWidth: 0.05, counts }, Math.min(one, other)) ?? 0
        const high = quantileOf({ binWidth: 0.05, counts }, Math.max(one, other)) ?? 0
        expect(low).toBeLessThanOrEqual(high)
      }),
    )
  })
})

describe('coarser', () => {
  test('default', () => {
    expect(coarser({ binWidth: 0.5, counts: [1, 2, 3, 4, 5, 99] }, 2)).toEqual({ binWidth: 1, counts: [3, 7, 5, 99] })
  })
  test('behavior: nothing is lost', () => {
    void fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (counts, factor) => {
        const histogram = { binWidth: 1, counts }
        expect(totalOf(coarser(histogram, factor))).toBe(totalOf(histogram))
      }),
    )
  })
})

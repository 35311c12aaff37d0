import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { linearScale, linearTicks, log10Of, powerTicks } from './scale.ts'

describe('linearScale', () => {
  test('default', () => {
    const scale = linearScale({ from: 0, to: 10 }, { from: 100, to: 0 })
    expect([scale(0), scale(5), scale(10)]).toEqual([100, 50, 0])
  })
  test('behavior: a domain without extent lands in the middle', () => {
    expect(linearScale({ from: 3, to: 3 }, { from: 0, to: 80 })(3)).toBe(40)
  })
})

describe('linearTicks', () => {
  test('default', () => {
    expect(linearTicks({ from: 0, to: 10 }, 5)).toEqual([0, 2, 4, 6, 8, 10])
    expect(linearTicks({ from: 1.5, to: 4.5 }, 3)).toEqual([2, 3, 4])
  })
  test('behavior: stays inside the domain and is about as many as asked for', () => {
    const domain = fc.tuple(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
    )
    void fc.assert(
      fc.property(domain, fc.integer({ min: 1, max: 12 }), ([from, extent], count) => {
        const to = from + extent
        const ticks = linearTicks({ from, to }, count)
        const slack = Math.max(Math.abs(from), Math.abs(to), extent) * 1e-6
        expect(ticks.length).toBeLessThanOrEqual(count * Math.sqrt(2.5) + 1)
        for (const tick of ticks) expect(tick >= from - slack && tick <= to + slack).toBe(true)
      }),
    )
  })
  test('behavior: no extent, one tick', () => {
    expect(linearTicks({ from: 7, to: 7 }, 4)).toEqual([7])
  })
})

describe('powerTicks', () => {
  test('default', () => {
    expect(powerTicks({ from: 0.2, to: 4.9 }, 10)).toEqual([1, 2, 3, 4])
  })
  test('behavior: thins out to the count', () => {
    expect(powerTicks({ from: 0, to: 20 }, 7)).toEqual([0, 3, 6, 9, 12, 15, 18])
  })
})

describe('log10Of', () => {
  test('default', () => {
    expect(log10Of('1000')).toBeCloseTo(3, 12)
  })
  test('behavior: counts longer than a number holds', () => {
    expect(log10Of('20722398914405051728')).toBeCloseTo(19.31644, 4)
    void fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.integer({ min: 0, max: 40 }), (value, zeros) => {
        expect(log10Of(`${value}${'0'.repeat(zeros)}`)).toBeCloseTo(Math.log10(Number(value)) + zeros, 6)
      }),
    )
  })
})

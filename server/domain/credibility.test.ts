import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type CheckRecord,
  credibilityOf,
  foldCheck,
  foldChecks,
  hasEstablishedCredibility,
  houseCredibility,
  isBeyondProbation,
  isEstablished,
  isOnProbation,
  newRecord,
} from './credibility.ts'

const passes = (count: number, from: CheckRecord = newRecord) =>
  Array.from({ length: count }).reduce<CheckRecord>(record => foldCheck(record, { kind: 'passed', at: 1 }), from)
const failed = (record: CheckRecord, at = 5) => foldCheck(record, { kind: 'failed', at })

describe('credibilityOf', () => {
  test('default: Sarmenta’s 1 - f / k, and 1 - f on probation', () => {
    expect(credibilityOf(newRecord)).toBe(0.8)
    expect(credibilityOf(passes(9))).toBe(0.8)
    expect(credibilityOf(passes(10))).toBeCloseTo(0.98, 12)
    expect(credibilityOf(passes(100))).toBeCloseTo(0.998, 12)
  })

  test('behavior: it grows with the record, and never beyond the operator’s own device', () => {
    fc.assert(
      fc.property(fc.nat(100_000), passed => {
        const credibility = credibilityOf({ ...newRecord, passed })
        expect(credibilityOf({ ...newRecord, passed: passed + 1 })).toBeGreaterThanOrEqual(credibility)
        expect(credibility).toBeLessThanOrEqual(houseCredibility)
      }),
    )
  })

  test('behavior: what a vote stored says the same of its account as the record did', () => {
    fc.assert(
      fc.property(fc.nat(200), passed => {
        const record = { ...newRecord, passed }
        expect(hasEstablishedCredibility(credibilityOf(record))).toBe(isEstablished(record))
        expect(isBeyondProbation(credibilityOf(record))).toBe(!isOnProbation(record))
      }),
    )
  })
})

describe('foldCheck', () => {
  test('default', () => {
    expect(passes(3)).toEqual({ passed: 3, strikes: 0, failedAt: undefined })
  })

  test('behavior: a failure zeroes the record', () => {
    expect(failed(passes(1000), 7)).toEqual({ passed: 0, strikes: 1, failedAt: 7 })
    expect(credibilityOf(failed(passes(1000)))).toBe(0.8)
  })

  test('behavior: a long clean run forgives one strike after another, and never more than there are', () => {
    const struck = failed(failed(newRecord))
    expect(passes(19, struck).strikes).toBe(2)
    expect(passes(20, struck).strikes).toBe(1)
    expect(passes(100, struck).strikes).toBe(0)
  })
})

describe('foldChecks', () => {
  const record = fc.record({
    passed: fc.nat(200),
    strikes: fc.nat(5),
    failedAt: fc.option(fc.nat(9), { nil: undefined }),
  })

  test('behavior: passed checks at once are the same as one after the other', () => {
    fc.assert(
      fc.property(record, fc.nat(150), (before, passed) => {
        expect(foldChecks(before, { passed, failed: 0, at: 7 })).toEqual(passes(passed, before))
      }),
    )
  })

  test('behavior: in parts they are the same as all together', () => {
    fc.assert(
      fc.property(record, fc.nat(60), fc.nat(60), (before, one, other) => {
        const first = foldChecks(before, { passed: one, failed: 0, at: 7 })
        expect(foldChecks(first, { passed: other, failed: 0, at: 8 })).toEqual(
          foldChecks(before, { passed: one + other, failed: 0, at: 8 }),
        )
      }),
    )
  })

  test('behavior: a failure takes away what was passed before and beside it, each is a strike', () => {
    expect(foldChecks({ passed: 90, strikes: 1, failedAt: 3 }, { passed: 40, failed: 2, at: 7 })).toEqual({
      passed: 0,
      strikes: 3,
      failedAt: 7,
    })
  })

  test('behavior: nothing new changes nothing', () => {
    fc.assert(
      fc.property(record, before => {
        expect(foldChecks(before, { passed: 0, failed: 0, at: 7 })).toEqual(before)
      }),
    )
  })
})

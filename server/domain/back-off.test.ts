import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayLeaseFrom, mostLeases } from './back-off.ts'
import { foldCheck, newRecord } from './credibility.ts'

const minute = 60_000
const struck = (strikes: number) => ({ ...newRecord, strikes, failedAt: 0 })

describe('mayLeaseFrom', () => {
  test('default: longer with every wrong result, at most a day', () => {
    expect([1, 2, 3, 4, 50].map(strikes => mayLeaseFrom(struck(strikes)) / minute)).toEqual([15, 60, 240, 960, 1440])
  })

  test('behavior: who never failed, or is forgiven, waits for nothing', () => {
    expect(mayLeaseFrom(newRecord)).toBe(Number.NEGATIVE_INFINITY)
    expect(mayLeaseFrom({ passed: 40, strikes: 0, failedAt: 9 })).toBe(Number.NEGATIVE_INFINITY)
  })

  test('behavior: ten thousand wrong results win at most a lease a day', () => {
    let record = newRecord
    let at = 0
    for (let wrong = 0; wrong < 10_000; wrong++) {
      record = foldCheck(record, { kind: 'failed', at })
      at = mayLeaseFrom(record)
    }
    expect(at / (1440 * minute)).toBeGreaterThan(9990)
  })
})

describe('mostLeases', () => {
  test('default: few on probation, never more than the protocol allows', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(64), (passed, most) => {
        const leases = mostLeases({ ...newRecord, passed }, most)
        expect(leases).toBe(passed < 10 ? Math.min(8, most) : most)
      }),
    )
  })
})

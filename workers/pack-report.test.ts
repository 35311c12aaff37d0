import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { workLimits } from '../protocol/work.ts'
import { encodeWorkRequest } from '../protocol/work-codec.ts'
import { packReport } from './pack-report.ts'
import { finishedOf } from './testing/leases.ts'

describe('packReport', () => {
  test('default', () => {
    const finished = [finishedOf(1), finishedOf(2), finishedOf(3)]
    expect(packReport(finished, 64)).toEqual(finished)
    expect(packReport(finished, 2)).toEqual(finished.slice(0, 2))
    expect(packReport([], 64)).toEqual([])
  })

  test('behavior: the oldest that fit, at least one, within every bound', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 1_400_000 }), { minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 64 }), (lengths, atMost) => {
        const finished = lengths.map((length, index) => finishedOf(index, 'A'.repeat(length - (length % 4))))
        const packed = packReport(finished, atMost)
        expect(packed).toEqual(finished.slice(0, packed.length))
        expect(packed.length).toBeGreaterThanOrEqual(1)
        expect(packed.length).toBeLessThanOrEqual(Math.min(atMost, workLimits.resultsPerRequest))
        const body = encodeWorkRequest({
          requestId: crypto.randomUUID(),
          seconds: 3600,
          lanes: 64,
          finished: [...packed],
        })
        expect(body.length).toBeLessThanOrEqual(workLimits.bodyBytes)
      }),
      { numRuns: 20 },
    )
  })
})

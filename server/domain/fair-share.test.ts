import { describe, expect, test } from 'vitest'
import { leastServedFirst, startingShare } from './fair-share.ts'

describe('leastServedFirst', () => {
  test('default', () => {
    const jobs = [
      { jobId: 1n, served: 5 },
      { jobId: 2n, served: 3 },
      { jobId: 3n, served: 3 },
    ]
    expect(leastServedFirst(jobs).map(({ jobId }) => jobId)).toEqual([2n, 3n, 1n])
  })

  test('behavior: jobs whose tasks differ in size get the same seconds', () => {
    const jobs = [
      { jobId: 1n, served: 0, credit: 1 },
      { jobId: 2n, served: 0, credit: 7 },
    ]
    for (let round = 0; round < 800; round++) {
      const next = leastServedFirst(jobs)[0] as (typeof jobs)[number]
      next.served += next.credit
    }
    expect(Math.abs((jobs[0]?.served ?? 0) - (jobs[1]?.served ?? 0))).toBeLessThanOrEqual(7)
  })
})

describe('startingShare', () => {
  test('default: a new job begins level with the least served', () => {
    expect(startingShare([])).toBe(0)
    expect(
      startingShare([
        { jobId: 1n, served: 9 },
        { jobId: 2n, served: 4 },
      ]),
    ).toBe(4)
  })
})

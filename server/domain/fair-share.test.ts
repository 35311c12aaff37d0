import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leastServed, startingShare } from './fair-share.ts'

const place = (jobId: bigint, served = 0, weight = 1, credit = 1) => ({ job: { jobId, served, weight, credit } })

describe('leastServed', () => {
  test('default: the job that had least, the older one of equals', () => {
    const places = [place(1n, 5), place(3n, 3), place(2n, 3)]
    expect(leastServed(places, undefined)?.job.jobId).toBe(2n)
    expect(leastServed([], 1n)).toBeUndefined()
  })

  test('behavior: the job whose kernel the device has, up to a minute ahead', () => {
    expect(leastServed([place(1n, 0), place(2n, 60)], 2n)?.job.jobId).toBe(2n)
    expect(leastServed([place(1n, 0), place(2n, 60.1)], 2n)?.job.jobId).toBe(1n)
    expect(leastServed([place(1n, 0), place(2n, 9)], 3n)?.job.jobId).toBe(1n)
  })

  test('behavior: jobs get seconds by their weights, whatever their tasks’ sizes and whoever has their kernels', () => {
    const job = fc.record({
      weight: fc.constantFrom(0.5, 1, 2, 5),
      credit: fc.double({ min: 0.1, max: 20, noNaN: true }),
    })
    fc.assert(
      fc.property(
        fc.array(job, { minLength: 2, maxLength: 5 }),
        fc.array(fc.nat(7), { minLength: 300, maxLength: 1500 }),
        (jobs, devices) => {
          const places = jobs.map(({ weight, credit }, at) => place(BigInt(at), 0, weight, credit))
          const latest = new Map<number, bigint>()
          for (const device of devices) {
            const next = leastServed(places, latest.get(device)) as (typeof places)[number]
            next.job.served += next.job.credit / next.job.weight
            latest.set(device, next.job.jobId)
          }
          const served = places.map(({ job }) => job.served)
          const largest = Math.max(...jobs.map(({ weight, credit }) => credit / weight))
          // Nobody is further ahead than the slack and one task: nobody starves.
          expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(60 + largest + 1e-6)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('startingShare', () => {
  test('default: a new job begins level with the least served', () => {
    expect(startingShare([])).toBe(0)
    expect(startingShare([place(1n, 9).job, place(2n, 4).job])).toBe(4)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addSample, estimateEnd, roundEstimate, type Sample } from './estimate-end.ts'

const job = { state: 'active', tasks: '100', accepted: '30', failed: '5', disputed: '5' } as const
const minute = 60_000

describe('estimateEnd', () => {
  test('default', () => {
    const samples = [
      { at: 0, judged: 20n },
      { at: minute, judged: 40n },
    ]
    expect(estimateEnd(job, samples, 3)).toEqual({ kind: 'about', remainingMs: 3 * minute })
  })

  test('behavior: says why nothing can be told', () => {
    const still = [
      { at: 0, judged: 40n },
      { at: 2 * minute, judged: 40n },
    ]
    expect(estimateEnd(job, still, 3)).toEqual({ kind: 'quiet', sinceMs: 2 * minute })
    expect(estimateEnd(job, still, 0)).toEqual({ kind: 'nobody' })
    expect(estimateEnd(job, still.slice(0, 1), 3)).toEqual({ kind: 'measuring' })
    expect(estimateEnd(job, [], undefined)).toEqual({ kind: 'measuring' })
    expect(estimateEnd({ ...job, accepted: '0', failed: '0', disputed: '0' }, [], 3)).toEqual({ kind: 'nothingYet' })
  })

  test('behavior: a job that does not go on, or has nothing left, has no end to wait for', () => {
    for (const state of ['paused', 'outOfBudget', 'overdue', 'canceled', 'finished'] as const)
      expect(estimateEnd({ ...job, state }, [], 3)).toEqual({ kind: 'none' })
    expect(estimateEnd({ ...job, accepted: '90' }, [], 3)).toEqual({ kind: 'none' })
  })

  test('behavior: a pace is not told from a few seconds', () => {
    const samples = [
      { at: 0, judged: 20n },
      { at: 3000, judged: 40n },
    ]
    expect(estimateEnd(job, samples, 3)).toEqual({ kind: 'measuring' })
  })

  test('behavior: progress counts although no device is seen at the moment', () => {
    const samples = [
      { at: 0, judged: 20n },
      { at: minute, judged: 40n },
    ]
    expect(estimateEnd(job, samples, 0)).toMatchObject({ kind: 'about' })
  })
})

describe('addSample', () => {
  test('default', () => {
    const samples = [0, 5, 10, 15].map(at => ({ at: at * minute, judged: BigInt(at) }))
    const window = samples.reduce<readonly Sample[]>(addSample, [])
    expect(window.map(({ at }) => at / minute)).toEqual([5, 10, 15])
  })

  test('behavior: what comes twice or late is not counted', () => {
    const one = { at: 5, judged: 1n }
    expect(addSample([one], one)).toEqual([one])
    expect(addSample([one], { at: 4, judged: 0n })).toEqual([one])
  })

  test('behavior: begins anew where a verdict was overturned', () => {
    expect(addSample([{ at: 1, judged: 9n }], { at: 2, judged: 8n })).toEqual([{ at: 2, judged: 8n }])
  })
})

describe('roundEstimate', () => {
  test('default', () => {
    expect(roundEstimate(13_400)).toBe(20_000)
    expect(roundEstimate(3.2 * minute)).toBe(4 * minute)
    expect(roundEstimate(49 * 60 * minute)).toBe(3 * 24 * 60 * minute)
  })

  test('behavior: never less than it was, and grows with it', () => {
    const duration = fc.integer({ min: 0, max: 10_000_000_000 })
    fc.assert(
      fc.property(duration, duration, (one, other) => {
        expect(roundEstimate(one)).toBeGreaterThanOrEqual(one)
        if (one <= other) expect(roundEstimate(one)).toBeLessThanOrEqual(roundEstimate(other))
      }),
    )
  })
})

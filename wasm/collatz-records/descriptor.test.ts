import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collatzRecords } from './descriptor.ts'
import { addRecords } from './records.ts'

const { parameters, seed, encodeInput, taskCount, describeTask } = collatzRecords

describe('collatzRecords', () => {
  test('default: describes a task in one sentence', () => {
    expect(describeTask(seed, 2n, 'en')).toBe(
      'Follows the paths of the starts 6,000,000,001 to 9,000,000,000 and keeps those that climb higher than all before.',
    )
    expect(describeTask(seed, 2n, 'zh')).toContain('6,000,000,001 到 9,000,000,000')
  })

  test('behavior: tasks cover every start once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.nat(500),
        fc.integer({ min: 1, max: 90 }),
        (from, more, startsPerTask) => {
          const job = { from: String(from), to: String(from + more), startsPerTask }
          let next = BigInt(from)
          for (let index = 0n; index < taskCount(job); index++) {
            const view = new DataView(encodeInput(job, index).buffer)
            expect(view.getBigUint64(0, true)).toBe(next)
            next += view.getBigUint64(8, true)
          }
          expect(next).toBe(BigInt(from + more + 1))
        },
      ),
    )
  })

  test('error: parameters outside of the ranges are refused', () => {
    for (const wrong of [
      { from: '0' },
      { from: '-1' },
      { from: 'one' },
      { from: '01' },
      { from: '200000000000000000' },
      { to: String(1n << 63n) },
      { to: '99999999999999999999' },
      { startsPerTask: 0 },
      { startsPerTask: 2 ** 41 },
      { startsPerTask: 0.5 },
    ])
      expect(parameters.safeParse({ ...seed, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
    expect(parameters.safeParse({ ...seed, to: String((1n << 63n) - 1n) }).success).toBe(true)
  })
})

describe('addRecords', () => {
  const records = fc
    .array(fc.record({ start: fc.nat(60), maximum: fc.nat(60) }), { maxLength: 12 })
    .map(list => list.map(({ start, maximum }) => ({ start: String(start), maximum: String(maximum + 60) })))

  test('default: keeps the starts that climb higher than all before', () => {
    expect(
      addRecords(
        [
          { start: '7', maximum: '52' },
          { start: '27', maximum: '9232' },
        ],
        [
          { start: '9', maximum: '52' },
          { start: '31', maximum: '9232' },
          { start: '255', maximum: '13120' },
        ],
      ),
    ).toEqual([
      { start: '7', maximum: '52' },
      { start: '27', maximum: '9232' },
      { start: '255', maximum: '13120' },
    ])
  })

  test('behavior: neither order nor grouping matters', () => {
    fc.assert(
      fc.property(records, records, records, (a, b, c) => {
        const merged = addRecords(addRecords(addRecords([], a), b), c)
        expect(addRecords(addRecords(addRecords([], c), a), b)).toEqual(merged)
        expect(addRecords(addRecords([], a), addRecords(addRecords([], c), b))).toEqual(merged)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNumberMerge, type NumberMergeKind } from './merge-numbers.ts'

function merge(kind: NumberMergeKind, ...outputs: (string | Uint8Array)[]): string {
  const merging = createNumberMerge(kind)
  for (const [task, output] of outputs.entries())
    merging.add(BigInt(task), typeof output === 'string' ? new TextEncoder().encode(output) : output)
  return new TextDecoder().decode(merging.result())
}

/** Rows of whole numbers, all of one length. */
const tables = fc.integer({ min: 1, max: 6 }).chain(length =>
  fc.array(fc.array(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), { minLength: length, maxLength: length }), {
    minLength: 1,
    maxLength: 8,
  }),
)
const toLine = (row: readonly (bigint | number)[]) => `${row.join(' ')}\n`

describe('createNumberMerge', () => {
  test('default: numbers at the same place of every output', () => {
    expect(merge('sum', '1 2\n3\n', '10 20\n30\n', '100 200\n300\n')).toBe('111 222\n333\n')
    expect(merge('minimum', '1 2\n', '0 5\n', '-7 9\n')).toBe('-7 2\n')
    expect(merge('maximum', '1,2\n', '0,5\n', '-7,9\n')).toBe('1,9\n')
  })

  test('behavior: the sum of whole numbers is the sum, in whatever order they come', () => {
    fc.assert(
      fc.property(tables, fc.infiniteStream(fc.nat()), (rows, random) => {
        const sums = rows.reduce((sum, row) => sum.map((value, at) => value + (row[at] as bigint)))
        const shuffled = rows
          .map(row => ({ row, at: random.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row)
        expect(merge('sum', ...rows.map(toLine))).toBe(toLine(sums))
        expect(merge('sum', ...shuffled.map(toLine))).toBe(toLine(sums))
      }),
    )
  })

  test('behavior: sums of decimals are those of float64, from the first task to the last', () => {
    const numbers = fc.double({ noNaN: true, min: -1e300, max: 1e300 }).filter(value => !Number.isInteger(value))
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1, maxLength: 20 }), values => {
        expect(merge('sum', ...values.map(value => `${value}`))).toBe(`${0 + values.reduce((sum, one) => sum + one)}`)
      }),
    )
  })

  test('behavior: least and greatest are those of the numbers, whole or not', () => {
    const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
    fc.assert(
      fc.property(fc.array(numbers, { minLength: 1 }), values => {
        const outputs = values.map(value => `${value}`)
        expect(Number(merge('minimum', ...outputs))).toBe(Math.min(...values) + 0)
        expect(Number(merge('maximum', ...outputs))).toBe(Math.max(...values) + 0)
      }),
    )
  })

  test('behavior: lines, separators and words are those of the first output', () => {
    expect(merge('sum', 'count:\t1;\r\n  2.5 x\r\n', 'count: 2 2 x')).toBe('count:\t3;\r\n  4.5 x\r\n')
    expect(merge('sum', '7')).toBe('7')
    expect(merge('sum', '+1 1e3 .5', '-1 1 1')).toBe('0 1001 1.5')
    expect(merge('maximum', '9007199254740993', '9007199254740992.0')).toBe('9007199254740993')
  })

  test.each<[string, readonly (string | Uint8Array)[]]>([
    ['The output of task 0 has no numbers to put together.', ['none here', '1']],
    ['The output of task 0 has no numbers to put together.', ['']],
    ['Task 1 has 1 numbers and words where task 0 has 2.', ['1 2', '1']],
    ['Task 2 has “x” where task 0 has a number.', ['1', '2', 'x']],
    ['Task 1 has “b” where task 0 has “a”.', ['a 1', 'b 1']],
    ['Task 1 has “2” where task 0 has “a”.', ['a 1', '2 1']],
    ['The output of task 1 is no text, so it has no numbers to put together.', ['1', Uint8Array.of(0xff)]],
    ['Task 0 has 1e999, which no float64 can hold.', ['1e999']],
    ['Task 1 has a number of 1001 characters; 1000 is the most.', ['1', '1'.repeat(1001)]],
    ['The sum is more than a float64 can hold.', ['1.5e308', '1.5e308']],
    ['There are no outputs to put together.', []],
  ])('error: %s', (sentence, outputs) => {
    expect(() => merge('sum', ...outputs)).toThrow(sentence)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadKernel } from '../testing.ts'
import { collatzRecords } from './descriptor.ts'

const kernel = await loadKernel('collatz-records')

const wholeBelow = 1n << 21n
const classes = 1n << 20n

/** 3n+1 by the book, in bigint: the maximum and the glide of one start. */
function path(start: bigint): { maximum: bigint; glide: bigint } {
  let [n, maximum, glide] = [start, start, 0n]
  while (n >= start && n > 1n) {
    n = n % 2n === 0n ? n / 2n : 3n * n + 1n
    if (n > maximum) maximum = n
    glide++
  }
  return { maximum, glide }
}

/** Whether the class of a start lets it stay at or above itself for twenty steps of T. */
function isWalked(start: bigint): boolean {
  if (start < wholeBelow) return true
  if (start % 3n === 2n || start % 9n === 4n) return false
  const lowest = (start % classes) + wholeBelow
  let n = lowest
  for (let step = 0; step < 20; step++) {
    n = n % 2n === 0n ? n / 2n : (3n * n + 1n) / 2n
    if (n < lowest) return false
  }
  return true
}

function byTheBook(from: bigint, size: bigint) {
  const records: { start: string; maximum: string }[] = []
  let [highest, totalGlide] = [0n, 0n]
  for (let start = from; start < from + size; start++) {
    if (!isWalked(start)) continue
    const { maximum, glide } = path(start)
    totalGlide += glide
    if (maximum <= highest) continue
    highest = maximum
    records.push({ start: String(start), maximum: String(maximum) })
  }
  return { totalGlide: String(totalGlide), records }
}

function run(from: bigint, size: bigint) {
  const parameters = { from: String(from), to: String(from + size - 1n), startsPerTask: Number(size) }
  return collatzRecords.decodeOutput(kernel.run(collatzRecords.encodeInput(parameters, 0n)))
}

/** Starts of every bit length alike. */
const start = fc
  .tuple(fc.integer({ min: 0, max: 62 }), fc.bigInt({ min: 0n, max: (1n << 62n) - 1n }))
  .map(([bits, noise]) => (1n << BigInt(bits)) | (noise & ((1n << BigInt(bits)) - 1n)))
  .map(value => (value + 3000n < 1n << 63n ? value : value - 3000n))

describe('collatz-records', () => {
  test('default: walks small starts as the book says', () => {
    expect(run(1n, 3000n)).toEqual(byTheBook(1n, 3000n))
  })

  test('behavior: walks any range as the book says, 128-bit paths included', () => {
    fc.assert(
      fc.property(start, fc.bigInt({ min: 1n, max: 3000n }), (from, size) => {
        expect(run(from, size)).toEqual(byTheBook(from, size))
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    ['in 64 bits', 40n],
    ['where leaps end beyond 64 bits', 61n],
  ])('behavior: leaps through a whole block %s as it walks parts of one', (_, bits) => {
    const base = (1n << bits) + classes * 5n
    // The first block fills up the record, so that the second is leapt through; a part of a block never is.
    const whole = run(base, 2n * classes)
    let totalGlide = 0n
    for (let at = base; at < base + 2n * classes; at += classes / 2n)
      totalGlide += BigInt(run(at, classes / 2n).totalGlide)
    expect(whole.totalGlide).toBe(String(totalGlide))
    const parts = [0n, 1n, 2n, 3n].map(part => run(base + (part * classes) / 2n, classes / 2n))
    const merged = parts.reduce(collatzRecords.addOutput, collatzRecords.emptySummary)
    expect(merged.records).toEqual(whole.records)
  })

  test('behavior: skipping classes loses no record', () => {
    // A path record over all starts of a range that begins at 1, walked or not, by the book.
    const size = 40_000n
    let highest = 0n
    const all: string[] = []
    for (let at = 1n; at <= size; at++) {
      const { maximum } = path(at)
      if (maximum <= highest) continue
      highest = maximum
      all.push(String(at))
    }
    expect(run(1n, size).records.map(record => record.start)).toEqual(all)
  })
})

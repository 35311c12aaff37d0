import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterOutputs, outputDistance, type Tolerance } from './cluster-outputs.ts'

const float64: Tolerance = { kind: 'tolerance', elementType: 'float64', absolute: 0.1, relative: 0 }
const bytes64 = (...values: number[]) => new Uint8Array(new Float64Array(values).buffer)
const bytes32 = (...values: number[]) => new Uint8Array(new Float32Array(values).buffer)

describe('outputDistance', () => {
  test('default', () => {
    expect(outputDistance(bytes64(1, 2), bytes64(1, 2.05), float64)).toBeCloseTo(0.5, 9)
    expect(outputDistance(bytes64(1), bytes64(1.2), float64)).toBeGreaterThan(1)
  })

  test('behavior: the relative bound grows with the elements; float32 is read as such', () => {
    const relative: Tolerance = { kind: 'tolerance', elementType: 'float32', absolute: 0, relative: 0.01 }
    expect(outputDistance(bytes32(1000), bytes32(1005), relative)).toBeLessThan(1)
    expect(outputDistance(bytes32(1), bytes32(5), relative)).toBeGreaterThan(1)
  })

  test('behavior: what is not finite agrees with itself only', () => {
    expect(outputDistance(bytes64(Number.NaN), bytes64(Number.NaN), float64)).toBe(0)
    expect(outputDistance(bytes64(Number.NaN), bytes64(1), float64)).toBe(Number.POSITIVE_INFINITY)
    expect(outputDistance(bytes64(Number.POSITIVE_INFINITY), bytes64(Number.POSITIVE_INFINITY), float64)).toBe(0)
    expect(outputDistance(bytes64(Number.POSITIVE_INFINITY), bytes64(1), { ...float64, relative: 1 })).toBe(
      Number.POSITIVE_INFINITY,
    )
    expect(outputDistance(bytes64(0), bytes64(-0), { ...float64, absolute: 0 })).toBe(0)
  })

  test('behavior: other lengths never agree; bytes that are no whole elements agree where they are equal', () => {
    expect(outputDistance(bytes64(1), bytes64(1, 1), float64)).toBe(Number.POSITIVE_INFINITY)
    expect(outputDistance(new Uint8Array([1, 2]), new Uint8Array([1, 2]), float64)).toBe(0)
    expect(outputDistance(new Uint8Array([1, 2]), new Uint8Array([1, 3]), float64)).toBe(Number.POSITIVE_INFINITY)
  })

  test('behavior: bytes need not be aligned', () => {
    const shifted = new Uint8Array(17).subarray(1, 9)
    shifted.set(bytes64(1))
    expect(outputDistance(shifted, bytes64(1.05), float64)).toBeLessThan(1)
  })
})

describe('clusterOutputs', () => {
  const outputs = (values: Record<string, number>) =>
    new Map(Object.entries(values).map(([digest, value]) => [digest, bytes64(value)]))
  const once = (...digests: string[]) => new Map(digests.map(digest => [digest, 1]))

  test('default: the middle one speaks for a chain whose ends are too far apart', () => {
    expect(clusterOutputs(once('a', 'b', 'c'), outputs({ a: 1, b: 1.08, c: 1.16 }), float64)).toEqual(
      new Map([
        ['a', 'b'],
        ['b', 'b'],
        ['c', 'b'],
      ]),
    )
  })

  test('behavior: an output that is not known agrees with itself only', () => {
    expect(clusterOutputs(once('a', 'b'), outputs({ a: 1 }), float64)).toEqual(
      new Map([
        ['a', 'a'],
        ['b', 'b'],
      ]),
    )
  })

  test('behavior: the order does not matter, and every member is within the bound of its medoid', () => {
    const entry = fc.record({ value: fc.integer({ min: 0, max: 12 }), votes: fc.integer({ min: 1, max: 4 }) })
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 8 }), fc.infiniteStream(fc.nat()), (entries, chances) => {
        const known = new Map(entries.map(({ value }, at) => [`d${at}`, bytes64(value * 0.04)]))
        const counted = entries.map(({ votes }, at): [string, number] => [`d${at}`, votes])
        const groups = clusterOutputs(new Map(counted), known, float64)
        const mixed = counted
          .map(each => ({ each, chance: chances.next().value as number }))
          .sort((a, b) => a.chance - b.chance)
          .map(({ each }) => each)
        expect(clusterOutputs(new Map(mixed), known, float64)).toEqual(groups)
        for (const [digest, medoid] of groups) {
          expect(groups.get(medoid)).toBe(medoid)
          const apart = outputDistance(known.get(digest) as Uint8Array, known.get(medoid) as Uint8Array, float64)
          expect(apart).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-bytes.ts'

describe('checkpoint bytes', () => {
  test('default', () => {
    const checkpoint = fc.record({
      bytes: fc.uint8Array().map(bytes => new Uint8Array(bytes)),
      progress: fc.double({ min: 0, max: 1, noNaN: true }),
      elapsedMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
    })
    fc.assert(fc.property(checkpoint, one => void expect(decodeCheckpoint(encodeCheckpoint(one))).toEqual(one)))
  })

  test('error: other bytes', () => {
    expect(decodeCheckpoint(new Uint8Array())).toBeUndefined()
    expect(decodeCheckpoint(new Uint8Array(15))).toBeUndefined()
    expect(decodeCheckpoint(new Uint8Array(40).fill(255))).toBeUndefined()
    expect(decodeCheckpoint(encodeCheckpoint({ bytes: new Uint8Array(), progress: 2, elapsedMs: 0 }))).toBeUndefined()
  })
})

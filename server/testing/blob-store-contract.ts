import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import type { Digest } from '../../protocol/digest.ts'
import { type BlobStore, digestOf } from '../blobs/blob-store.ts'

const mib = 1 << 20

/** Bytes that differ from place to place, so that parts in a wrong order are seen. */
export function patternBytes(length: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
  return bytes
}

export function* inPieces(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

async function readAll(source: AsyncIterable<Uint8Array> | undefined): Promise<Buffer | undefined> {
  if (source === undefined) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** What every store of blobs must do. `open` gives an empty one. */
export function testBlobStore(open: () => Promise<BlobStore>): void {
  test('behavior: gives back what was put, as often as it was put', async () => {
    const blobs = await open()
    const bytes = Buffer.from('tide')
    const digest = await blobs.put(bytes)
    expect(digest).toBe(digestOf(bytes))
    expect(await blobs.put(bytes)).toBe(digest)
    expect(await blobs.get(digest)).toEqual(bytes)
    expect(await blobs.has(digest)).toBe(true)
    expect(await blobs.size(digest)).toBe(4)
  })

  test('behavior: what is not there is undefined, and can be deleted', async () => {
    const blobs = await open()
    const digest = 'ab'.repeat(32) as Digest
    expect(await blobs.get(digest)).toBeUndefined()
    expect(await blobs.read(digest)).toBeUndefined()
    expect(await blobs.read(digest, { from: 0, to: 0 })).toBeUndefined()
    expect(await blobs.size(digest)).toBeUndefined()
    expect(await blobs.has(digest)).toBe(false)
    await blobs.delete(digest)
  })

  test.each([0, 1, 8 * mib - 1, 8 * mib, 8 * mib + 1, 17 * mib])(
    'behavior: a stream of %i bytes, its digest known or not',
    async length => {
      const blobs = await open()
      const bytes = patternBytes(length)
      const expected = digestOf(bytes)
      for (const known of [expected, undefined]) {
        const stored = await blobs.putStream(inPieces(bytes, 3 * mib + 7), { expected: known, mostBytes: length })
        expect(stored).toEqual({ digest: expected, bytes: length })
        expect(await blobs.size(expected)).toBe(length)
        expect((await readAll(await blobs.read(expected)))?.equals(bytes)).toBe(true)
        await blobs.delete(expected)
        expect(await blobs.has(expected)).toBe(false)
      }
    },
  )

  test('behavior: ranges', async () => {
    const blobs = await open()
    const bytes = patternBytes(1000)
    const digest = await blobs.put(bytes)
    for (const [from, to] of [
      [0, 2],
      [0, 1000],
      [999, 1000],
      [10, 20],
      [7, 7],
    ] as const)
      expect(await readAll(await blobs.read(digest, { from, to }))).toEqual(bytes.subarray(from, to))
  })

  test('behavior: a reader who leaves in the middle harms nothing', async () => {
    const blobs = await open()
    const bytes = patternBytes(2 * mib)
    const digest = await blobs.put(bytes)
    for await (const piece of (await blobs.read(digest)) ?? []) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    expect((await blobs.get(digest))?.equals(bytes)).toBe(true)
  })

  test('behavior: the same bytes twice at the same time', async () => {
    const blobs = await open()
    const bytes = patternBytes(9 * mib)
    const options = { expected: digestOf(bytes), mostBytes: bytes.length }
    await Promise.all([1, 2].map(() => blobs.putStream(inPieces(bytes, mib), options)))
    expect((await blobs.get(options.expected))?.equals(bytes)).toBe(true)
  })

  test.each([100, 9 * mib])('error: %i bytes that are others leave nothing behind', async length => {
    const blobs = await open()
    const bytes = patternBytes(length)
    const expected = digestOf(Buffer.from('other'))
    await expect(blobs.putStream(inPieces(bytes, mib), { expected, mostBytes: length })).rejects.toMatchObject({
      name: 'DigestMismatchError',
    })
    expect(await blobs.has(expected)).toBe(false)
    expect(await blobs.has(digestOf(bytes))).toBe(false)
  })

  test.each([100, 9 * mib])('error: more bytes than %i leave nothing behind', async length => {
    const blobs = await open()
    const bytes = patternBytes(length + 1)
    for (const expected of [digestOf(bytes), undefined])
      await expect(blobs.putStream(inPieces(bytes, mib), { expected, mostBytes: length })).rejects.toMatchObject({
        name: 'BlobTooLargeError',
      })
    expect(await blobs.has(digestOf(bytes))).toBe(false)
  })

  test('error: a source that breaks leaves nothing behind', async () => {
    const blobs = await open()
    const bytes = patternBytes(9 * mib)
    async function* broken() {
      yield* inPieces(bytes, mib)
      throw new Error('the line broke')
    }
    const options = { expected: digestOf(bytes), mostBytes: 2 * bytes.length }
    await expect(blobs.putStream(broken(), options)).rejects.toThrow('the line broke')
    expect(await blobs.has(options.expected)).toBe(false)
  })
}

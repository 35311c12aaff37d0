import { Reader, ZipReader } from '@zip.js/zip.js'
import { describe, expect, test } from 'vitest'
import { centralRecord, endOfZip, localHeader } from './zip-records.ts'

/** A zip whose files are zeros, which nobody writes down: only headers, directory and end are in memory. */
class SparseZip extends Reader<undefined> {
  readonly #parts: { readonly at: number; readonly bytes: Uint8Array }[] = []

  constructor(files: readonly { readonly path: string; readonly bytes: number }[]) {
    super(undefined)
    let offset = 0
    const put = (bytes: Uint8Array) => {
      this.#parts.push({ at: offset, bytes })
      offset += bytes.length
    }
    const placed = files.map(file => {
      const zipped = { ...file, crc32: 7, offset }
      put(localHeader(zipped))
      offset += file.bytes
      return zipped
    })
    const start = offset
    for (const file of placed) put(centralRecord(file))
    put(endOfZip({ files: files.length, offset: start, bytes: offset - start }))
    this.size = offset
  }

  override readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const found = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)))
    for (const { at, bytes } of this.#parts) {
      const from = Math.max(at, offset)
      const to = Math.min(at + bytes.length, offset + found.length)
      if (from < to) found.set(bytes.subarray(from - at, to - at), from - offset)
    }
    return Promise.resolve(found)
  }
}

async function list(files: readonly { readonly path: string; readonly bytes: number }[]) {
  const zip = new ZipReader(new SparseZip(files), { strictness: 'strict', useWebWorkers: false })
  const found: { path: string; bytes: number; crc32: number | undefined }[] = []
  for await (const { filename, uncompressedSize, crc32 } of zip.getEntriesGenerator())
    found.push({ path: filename, bytes: uncompressedSize, crc32 })
  return found
}

describe('records of a zip', () => {
  test.each([
    ['no files', []],
    [
      'files whose names are no ASCII',
      [
        { path: 'outputs/雪/ä.txt', bytes: 5 },
        { path: 'empty', bytes: 0 },
      ],
    ],
    [
      'a file behind four gigabytes',
      [
        { path: 'a', bytes: 4_294_967_290 },
        { path: 'b', bytes: 100 },
        { path: 'c', bytes: 1 },
      ],
    ],
    [
      'a file of four gigabytes',
      [
        { path: 'a', bytes: 4_294_967_295 },
        { path: 'b', bytes: 2 },
      ],
    ],
    [
      'files of many gigabytes',
      [
        { path: 'a', bytes: 9e12 },
        { path: 'b', bytes: 8e9 },
      ],
    ],
    ['65,535 files', Array.from({ length: 65_535 }, (_, at) => ({ path: `${at}`, bytes: 1 }))],
  ])('default: %s, as another program reads them', async (_, files) => {
    expect(await list(files)).toEqual(files.map(file => ({ ...file, crc32: 7 })))
  })
})

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { centralRecord, endOfZip, localHeader, type ZippedFile } from '../../protocol/zip-records.ts'
import type { ReportWriter } from './report.ts'
import type { ZipFile } from './zip-file.ts'

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

/**
 * Compares what is between the files of a zip, headers and directory, with what Tidemill writes for these files, so that
 * no byte of it is left unchecked.
 */
export function createLayoutCheck(zip: ZipFile, report: ReportWriter) {
  const directory = createHash('sha256')
  let directoryBytes = 0
  let offset = 0
  let files = 0
  let isAsWritten = true

  function fail(where: string): void {
    // From here on, nothing is where it was.
    isAsWritten = false
    report.problem(
      `The zip itself was changed: ${where} is not as Tidemill wrote it. If you packed it anew, check the one that you downloaded.`,
    )
  }

  return {
    get isAsWritten() {
      return isAsWritten
    },
    /** @returns where the bytes of the next file are, if all is as written so far */
    async begin(file: Omit<ZippedFile, 'offset'>): Promise<number | undefined> {
      if (!isAsWritten) return undefined
      const header = localHeader(file)
      if (!(await collect(zip.readRaw(offset, header.length))).equals(header)) {
        fail(`the header of ${JSON.stringify(file.path)}, at byte ${offset},`)
        return undefined
      }
      const record = centralRecord({ ...file, offset })
      directory.update(record)
      directoryBytes += record.length
      files++
      const start = offset + header.length
      offset = start + file.bytes
      return start
    },
    async finish(): Promise<void> {
      if (!isAsWritten) return
      const found = createHash('sha256')
      for await (const part of zip.readRaw(offset, directoryBytes)) found.update(part)
      const end = endOfZip({ files, offset, bytes: directoryBytes })
      const at = offset + directoryBytes
      const isEnd = zip.bytes === at + end.length && (await collect(zip.readRaw(at, end.length))).equals(end)
      if (found.digest('hex') !== directory.digest('hex')) fail(`its directory, at byte ${offset},`)
      else if (!isEnd) fail(`its end, at byte ${at},`)
    },
  }
}

/** Length and sums of what is read. */
export async function measure(parts: AsyncIterable<Uint8Array>, most: number, onPart: (part: Uint8Array) => void) {
  const hash = createHash('sha256')
  let bytes = 0
  let sum = 0
  for await (const part of parts) {
    bytes += part.length
    // A zip may claim to hold a little and unpack to a lot.
    if (bytes > most) break
    hash.update(part)
    sum = crc32(part, sum)
    onPart(part)
  }
  return { bytes, digest: hash.digest('hex'), crc32: sum }
}

import { crc32 } from 'node:zlib'
import { manifestName } from '../../protocol/manifest.ts'
import { centralRecord, endOfZip, localHeader, type ZippedFile } from '../../protocol/zip-records.ts'
import type { FilledTask } from './read-filled.ts'
import { createSpool } from './spool.ts'
import type { createManifestWriter } from './write-manifest.ts'

/** A merged answer, whose bytes may be read more than once. */
export interface MergedBytes {
  readonly path: string
  readonly bytes: number
  read(): AsyncIterable<Uint8Array>
}

async function sumOf(parts: AsyncIterable<Uint8Array>): Promise<number> {
  let sum = 0
  for await (const part of parts) sum = crc32(part, sum)
  return sum
}

/**
 * Writes the results of a job as a zip: a file for each accepted task, the merged answer, and the manifest of both as the
 * last. What has been written is all that is in memory of it: the directory of a million files waits in a file.
 */
export async function* zipResults(input: {
  readonly tasks: AsyncIterable<FilledTask>
  readonly nameOf: (index: bigint, output: Uint8Array) => string
  readonly manifest: ReturnType<typeof createManifestWriter>
  readonly merged: MergedBytes | undefined
}): AsyncGenerator<Uint8Array> {
  const { tasks, nameOf, manifest, merged } = input
  const directory = createSpool()
  const described = createSpool()
  let offset = 0
  let files = 0

  /** @returns what goes before the bytes of the file */
  async function begin(file: Omit<ZippedFile, 'offset'>): Promise<Uint8Array> {
    const header = localHeader(file)
    await directory.add(centralRecord({ ...file, offset }))
    offset += header.length + file.bytes
    files++
    return header
  }

  try {
    await described.add(manifest.start())
    for await (const judged of tasks) {
      if (judged.state !== 'accepted') {
        await described.add(manifest.add(judged))
        continue
      }
      const { index, output } = judged
      const path = nameOf(index, output)
      await described.add(manifest.add(judged, path))
      yield await begin({ path, bytes: output.length, crc32: crc32(output) })
      yield output
    }
    if (merged !== undefined) {
      const { path, bytes } = merged
      yield await begin({ path, bytes, crc32: await sumOf(merged.read()) })
      yield* merged.read()
    }
    await described.add(manifest.end())
    yield await begin({ path: manifestName, bytes: described.bytes, crc32: described.crc32 })
    yield* described.read()
    yield* directory.read()
    yield endOfZip({ files, offset, bytes: directory.bytes })
  } finally {
    await directory.close()
    await described.close()
  }
}

import { openAsBlob } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BlobReader, configure, type FileEntry, ZipReader } from '@zip.js/zip.js'
import { TidemillError } from '../../protocol/errors.ts'
import { FilePath } from '../../protocol/program.ts'

/** The archive is no zip, holds what no results hold, or cannot be written where it shall be. */
export class UnpackError extends TidemillError {
  override readonly name = 'UnpackError'
}

// Its workers are for browsers.
configure({ useWebWorkers: false })

async function writeEntry(entry: FileEntry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'wx')
  try {
    await entry.getData(
      new WritableStream<Uint8Array>({
        async write(chunk) {
          await file.write(chunk)
        },
      }),
    )
  } finally {
    await file.close()
  }
}

/**
 * Writes the files of a zip below a folder.
 *
 * @returns how many
 * @throws {UnpackError} where a file would lie outside of the folder, is there already, or cannot be written
 */
export async function unpackZip(zip: string, folder: string): Promise<number> {
  const reader = new ZipReader(new BlobReader(await openAsBlob(zip)))
  let files = 0
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (entry.directory) continue
      if (!FilePath.safeParse(entry.filename).success)
        throw new UnpackError(`${zip} has a file ${JSON.stringify(entry.filename)}, which is no path below a folder.`)
      await writeEntry(entry, join(folder, entry.filename))
      files++
    }
    return files
  } catch (cause) {
    if (cause instanceof UnpackError) throw cause
    throw new UnpackError(`${zip} cannot be unpacked: ${cause instanceof Error ? cause.message : cause}.`, { cause })
  } finally {
    await reader.close()
  }
}

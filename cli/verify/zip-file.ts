import { type FileHandle, open } from 'node:fs/promises'
import { type FileEntry, Reader, ZipReader } from '@zip.js/zip.js'
import { TidemillError } from '../../protocol/errors.ts'

/** The file is none that can be checked. */
export class UnreadableResultsError extends TidemillError {
  override readonly name = 'UnreadableResultsError'
}

const partBytes = 1 << 20

class FileReader extends Reader<FileHandle> {
  readonly #file: FileHandle
  /** What was read last: most files are small, and stand one behind the other. */
  #window = { offset: 0, bytes: Buffer.alloc(0) }
  constructor(file: FileHandle, bytes: number) {
    super(file)
    this.#file = file
    this.size = bytes
  }
  override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.size - offset))
    const { bytes } = this.#window
    const at = offset - this.#window.offset
    if (at >= 0 && at + wanted <= bytes.length) return bytes.subarray(at, at + wanted)
    const buffer = Buffer.alloc(Math.max(wanted, Math.min(partBytes, this.size - offset)))
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, offset)
    this.#window = { offset, bytes: buffer.subarray(0, bytesRead) }
    return this.#window.bytes.subarray(0, wanted)
  }
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`)

/** Unpacks a file while it is read. @throws what zip.js finds wrong with it */
async function* read(entry: FileEntry): AsyncGenerator<Uint8Array> {
  let fail: (error: unknown) => void = () => {}
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      fail = error => controller.error(error)
    },
  })
  // A file that cannot be begun writes nothing, and ends nothing either.
  entry.getData(writable, { checkCrc32: true }).catch(fail)
  yield* readable
}

export interface ZipFile {
  readonly bytes: number
  /** Files in the order of the zip's directory. @throws {UnreadableResultsError} */
  entries(): AsyncGenerator<FileEntry>
  /** The bytes of a file of it, unpacked. */
  read(entry: FileEntry): AsyncIterable<Uint8Array>
  /** The bytes of the zip itself. */
  readRaw(offset: number, length: number): AsyncGenerator<Uint8Array>
  close(): Promise<void>
}

/** @throws {UnreadableResultsError} where there is no such file */
export async function openZip(path: string): Promise<ZipFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new UnreadableResultsError(`${path} cannot be read: ${sentenceOf(cause)}.`, { cause })
  })
  const { size, isFile } = await file.stat().then(stat => ({ size: stat.size, isFile: stat.isFile() }))
  if (!isFile) {
    await file.close()
    throw new UnreadableResultsError(`${path} is no file. Name the zip as it was downloaded.`)
  }
  const reader = new FileReader(file, size)
  return {
    bytes: size,
    async *entries() {
      // Names are looked at by whoever reads: one that is not as it should be is worth a sentence, not an end.
      const zip = new ZipReader(reader, { filenameValidation: 'tolerant', useWebWorkers: false })
      try {
        for await (const entry of zip.getEntriesGenerator()) if (!entry.directory) yield entry
      } catch (cause) {
        throw new UnreadableResultsError(`${path} is no zip, or its directory is damaged. ${sentenceOf(cause)}`, {
          cause,
        })
      } finally {
        await zip.close()
      }
    },
    read,
    async *readRaw(offset, length) {
      for (let at = offset; at < offset + length; at += partBytes) {
        const part = await reader.readUint8Array(at, Math.min(partBytes, offset + length - at))
        if (part.length === 0) return
        yield part
      }
    },
    close: () => file.close(),
  }
}

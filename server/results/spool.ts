import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

/** So many bytes are kept in memory before they go to a file. */
const partBytes = 1 << 20

/**
 * Bytes that are written now and read later: a little of them in memory, the rest in a file that nobody else sees.
 * `close` takes the file away.
 */
export function createSpool() {
  let file: { readonly folder: string; readonly handle: Awaited<ReturnType<typeof open>> } | undefined
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let bytes = 0
  let sum = 0

  async function openFile() {
    const folder = await mkdtemp(join(tmpdir(), 'tidemill-spool-'))
    return { folder, handle: await open(join(folder, 'spool'), 'w+') }
  }

  return {
    /** How many there are. */
    get bytes() {
      return bytes
    },
    get crc32() {
      return sum
    },
    async add(part: Uint8Array | string): Promise<void> {
      const added = typeof part === 'string' ? Buffer.from(part) : part
      bytes += added.length
      sum = crc32(added, sum)
      waiting.push(added)
      waitingBytes += added.length
      if (waitingBytes < partBytes) return
      file ??= await openFile()
      const whole = Buffer.concat(waiting)
      waiting = []
      waitingBytes = 0
      await file.handle.appendFile(whole)
    },
    /** All of them, in their order. Nothing is added while they are read. */
    async *read(): AsyncGenerator<Uint8Array> {
      if (file !== undefined) {
        const { handle } = file
        yield* handle.createReadStream({ start: 0, autoClose: false, highWaterMark: partBytes })
      }
      if (waitingBytes > 0) yield Buffer.concat(waiting)
    },
    async close(): Promise<void> {
      if (file === undefined) return
      await file.handle.close()
      await rm(file.folder, { recursive: true, force: true })
      file = undefined
    },
  }
}

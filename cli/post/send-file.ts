import { createReadStream, type ReadStream } from 'node:fs'
import type { Uploader } from '../../protocol/posting/upload.ts'
import type { JobFile as PostedFile } from '../../protocol/program.ts'
import type { LocalFile } from './find-files.ts'
import { unreadable } from './job-file.ts'

export interface Sending {
  readonly uploader: Uploader
  readonly signal: AbortSignal
  /** What is being sent, and how many bytes of it are with the server. */
  readonly show: (what: string, bytes: number) => void
}

/** Reads a file as it is needed. @throws {JobFileError} where it cannot be read, whatever `use` makes of that */
export async function withFile<T>(path: string, use: (source: ReadStream) => Promise<T>): Promise<T> {
  const source = createReadStream(path)
  try {
    return await use(source)
  } catch (cause) {
    throw source.errored === null ? cause : unreadable(path, source.errored)
  } finally {
    source.destroy()
  }
}

/** @throws {JobFileError} where the file cannot be read */
export async function sendFile({ path, localPath }: LocalFile, sending: Sending): Promise<PostedFile> {
  const { uploader, signal, show } = sending
  const stored = await withFile(localPath, source =>
    uploader.upload(source, { signal, onProgress: bytes => show(path, bytes) }),
  )
  return { path, ...stored }
}

/** Bytes that are in memory, as an upload takes them. */
export async function* only(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes
}

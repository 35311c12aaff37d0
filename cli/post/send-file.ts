import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { PostingError } from '../../protocol/posting/posting-error.ts'
import type { Uploader } from '../../protocol/posting/upload.ts'
import type { JobFile as PostedFile } from '../../protocol/program.ts'
import type { LocalFile } from './find-files.ts'
import { JobFileError, unreadable } from './job-file.ts'

export interface Sending {
  readonly uploader: Uploader
  readonly signal: AbortSignal
  /** What is being sent, and how many bytes of it are with the server. */
  readonly show: (what: string, bytes: number) => void
}

/** A file that is read as it is needed. @throws {JobFileError} where there is none */
export async function openLocalFile(path: string): Promise<Blob> {
  const isFile = await stat(path).then(
    found => found.isFile(),
    (cause: unknown) => {
      throw unreadable(path, cause)
    },
  )
  if (!isFile) throw new JobFileError(`${path} is no file.`)
  return openAsBlob(path)
}

/** Says which of the poster's files it is that something is wrong with. */
export async function blame<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    if (cause instanceof PostingError) throw new JobFileError(`${path}: ${cause.message}`, { cause })
    // What Node says of a file that changes while it is read.
    if (cause instanceof DOMException && cause.name === 'NotReadableError')
      throw new JobFileError(`${path} cannot be read any more: it has changed meanwhile.`, { cause })
    throw cause
  }
}

/** @throws {JobFileError} where the file cannot be read */
export async function sendFile({ path, localPath }: LocalFile, sending: Sending): Promise<PostedFile> {
  const { uploader, signal, show } = sending
  const file = await openLocalFile(localPath)
  const stored = await blame(localPath, () =>
    uploader.upload(file.stream(), { signal, onProgress: bytes => show(path, bytes) }),
  )
  return { path, ...stored }
}

/** Bytes that are in memory, as an upload takes them. */
export async function* only(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes
}

import { hash } from 'node:crypto'
import type { Digest } from '../../protocol/digest.ts'

export interface StoredBlob {
  readonly digest: Digest
  readonly bytes: number
}

/** Bytes that come, a piece after the other. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export interface PutOptions {
  /** What the bytes must be; unset: whatever comes. */
  readonly expected?: Digest | undefined
  readonly mostBytes: number
}

/** Which bytes of a blob: from `from` to before `to`. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/** Bytes named by their SHA-256, wherever they are kept. A blob is there whole or not at all. */
export interface BlobStore {
  /** Storing the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<Digest>
  /**
   * Stores what comes without holding it in memory. Where it fails, nothing is left behind.
   *
   * @throws {DigestMismatchError} {@link BlobTooLargeError} {@link StorageFullError} {@link StorageUnavailableError},
   * or what the source throws
   */
  putStream(source: ByteSource, options: PutOptions): Promise<StoredBlob>
  /** All bytes at once: for small blobs. */
  get(digest: Digest): Promise<Buffer | undefined>
  /** @param range within the blob; unset: all of it */
  read(digest: Digest, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>
  has(digest: Digest): Promise<boolean>
  /** How many bytes a blob has; undefined where there is none. */
  size(digest: Digest): Promise<number | undefined>
  /** Of a blob that is not there: nothing happens. */
  delete(digest: Digest): Promise<void>
  /** Removes what servers that died while they stored have left since before then. */
  sweep(before: Date): Promise<void>
}

/** SHA-256 of what the server holds already; synchronous, since a worker thread would cost more than the hash. */
export const digestOf = (bytes: Uint8Array): Digest => hash('sha256', bytes, 'hex') as Digest

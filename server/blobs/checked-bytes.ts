import { createHash } from 'node:crypto'
import type { Digest } from '../../protocol/digest.ts'
import { BlobTooLargeError, DigestMismatchError } from '../errors.ts'
import type { ByteSource, PutOptions, StoredBlob } from './blob-store.ts'

/** Passes bytes on while it counts and hashes them. */
export interface CheckedBytes extends AsyncIterable<Uint8Array> {
  /** What has come, once it has ended. */
  stored(): StoredBlob
}

/**
 * Checks bytes while they come: the caller stores what this yields, and keeps it once it has ended.
 *
 * @throws {BlobTooLargeError} {@link DigestMismatchError} from the iteration, the latter at its end
 */
export function checkBytes(source: ByteSource, { expected, mostBytes }: PutOptions): CheckedBytes {
  const hashing = createHash('sha256')
  let bytes = 0
  let digest: Digest | undefined
  return {
    async *[Symbol.asyncIterator]() {
      for await (const piece of source) {
        bytes += piece.length
        if (bytes > mostBytes) throw new BlobTooLargeError(mostBytes)
        hashing.update(piece)
        yield piece
      }
      digest = hashing.digest('hex') as Digest
      if (expected !== undefined && digest !== expected) throw new DigestMismatchError({ expected, found: digest })
    },
    stored() {
      if (digest === undefined) throw new TypeError('The bytes have not ended.')
      return { digest, bytes }
    },
  }
}

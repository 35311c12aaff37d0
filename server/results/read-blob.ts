import type { Digest } from '../../protocol/digest.ts'
import type { BlobStore } from '../blobs/blob-store.ts'

/** The bytes of a blob that has to be there. */
export async function* readBlob(blobs: Pick<BlobStore, 'read'>, digest: Digest): AsyncGenerator<Uint8Array> {
  const bytes = await blobs.read(digest)
  if (bytes === undefined) throw new Error(`No blob has the SHA-256 ${digest}.`)
  yield* bytes
}

const headBytes = 64 << 10

/** The first bytes of what is read. */
export async function readHead(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const head: Uint8Array[] = []
  let bytes = 0
  for await (const part of parts) {
    head.push(part)
    bytes += part.length
    if (bytes >= headBytes) break
  }
  return Buffer.concat(head).subarray(0, headBytes)
}

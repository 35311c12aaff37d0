import { Readable } from 'node:stream'
import type { Digest } from '../../protocol/digest.ts'
import { digestOf } from '../blobs/blob-store.ts'
import type { TestDevice } from './device.ts'

/** `POST /api/blobs` by hand. @param digest another one than that of the bytes, where a test lies */
export function storeBlob(
  { url }: { readonly url: string },
  { session }: TestDevice,
  body: Readable | Buffer<ArrayBuffer>,
  digest: Digest = digestOf(body as Buffer),
): Promise<Response> {
  return fetch(`${url}/api/blobs?sha256=${digest}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${session.token}` },
    ...(body instanceof Readable
      ? { body: Readable.toWeb(body) as unknown as ReadableStream, duplex: 'half' }
      : { body }),
  })
}

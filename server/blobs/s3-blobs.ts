import { randomUUID } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { S3mini, S3ServiceError, type UploadPart } from 's3mini'
import type { Digest } from '../../protocol/digest.ts'
import { StorageUnavailableError } from '../errors.ts'
import { type BlobStore, type ByteSource, digestOf, type PutOptions, type StoredBlob } from './blob-store.ts'
import { checkBytes } from './checked-bytes.ts'
import { createFolderBlobs } from './folder-blobs.ts'

/** A bucket of an S3-compatible store, and how to speak to it. */
export interface S3Place {
  readonly bucket: string
  /** Before every name, without `/` at its ends; empty: none. */
  readonly prefix: string
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What the store takes in one request; S3 wants at least 5 MiB a part, and at most 10,000 parts. */
const partBytes = 8 << 20

/** Pieces put together to parts of {@link partBytes}, the last one shorter. */
async function* toParts(source: ByteSource): AsyncGenerator<Buffer<ArrayBuffer>> {
  let part = Buffer.allocUnsafe(partBytes)
  let filled = 0
  for await (const piece of source)
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(piece.length - at, partBytes - filled)
      part.set(piece.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled < partBytes) continue
      yield part
      part = Buffer.allocUnsafe(partBytes)
      filled = 0
    }
  if (filled > 0) yield part.subarray(0, filled)
}

/** A store that is away or too busy, in our words. What it says itself stays in the log: it may name keys. */
async function translating<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    throw new StorageUnavailableError({ cause })
  }
}

/**
 * Keeps blobs as objects `prefix/ab/abcdef...` of a bucket. An object appears when its last part is there and its digest
 * is right. A server that dies meanwhile leaves parts that nobody sees: a rule of the bucket should abort multipart
 * uploads that are a day old.
 *
 * @param spoolFolder where long streams wait until their digest, and with it their name, is known
 */
export function createS3Blobs({ bucket, prefix, endpoint, ...access }: S3Place, spoolFolder: string): BlobStore {
  const s3 = new S3mini({ ...access, endpoint: `${endpoint.replace(/\/+$/, '')}/${bucket}` })
  const root = prefix === '' ? '' : `${prefix}/`
  const place = (digest: Digest) => `${root}${digest.slice(0, 2)}/${digest}`

  /** @returns undefined where there is no such object */
  async function request(key: string, range?: { from: number; to: number }): Promise<Response | undefined> {
    try {
      return range === undefined ? await s3.getObjectRaw(key) : await s3.getObjectRaw(key, false, range.from, range.to)
    } catch (cause) {
      if (cause instanceof S3ServiceError && cause.status === 404) return undefined
      throw new StorageUnavailableError({ cause })
    }
  }

  /** Sends parts under `key`, and makes them an object once they have all come. */
  async function sendParts(key: string, parts: AsyncIterable<Buffer<ArrayBuffer>>): Promise<void> {
    const uploadId = await translating(() => s3.getMultipartUploadId(key))
    const sent: UploadPart[] = []
    try {
      for await (const part of parts)
        sent.push(await translating(() => s3.uploadPart(key, uploadId, part, sent.length + 1)))
      await translating(() => s3.completeMultipartUpload(key, uploadId, sent))
    } catch (error) {
      // Not every store knows how; the bucket's rule does it then.
      await s3.abortMultipartUpload(key, uploadId).catch(() => {})
      throw error
    }
  }

  async function putWhole(key: string, bytes: Buffer<ArrayBuffer>): Promise<void> {
    await translating(() => s3.putObject(key, bytes, undefined, undefined, undefined, bytes.length))
  }

  /** Stores what has a digest, known before or in time. */
  async function putNamed(
    source: ByteSource,
    options: PutOptions & { readonly expected: Digest },
  ): Promise<StoredBlob> {
    const checked = checkBytes(source, options)
    const parts = toParts(checked)[Symbol.asyncIterator]()
    const first = await parts.next()
    const second: IteratorResult<Buffer<ArrayBuffer>> = first.done ? first : await parts.next()
    if (second.done) {
      await putWhole(place(options.expected), first.done ? Buffer.alloc(0) : first.value)
      return checked.stored()
    }
    async function* all() {
      yield first.value as Buffer<ArrayBuffer>
      yield second.value as Buffer<ArrayBuffer>
      yield* { [Symbol.asyncIterator]: () => parts }
    }
    await sendParts(place(options.expected), all())
    return checked.stored()
  }

  async function putNameless(source: ByteSource, { mostBytes }: PutOptions): Promise<StoredBlob> {
    const folder = join(spoolFolder, randomUUID())
    const spool = createFolderBlobs(folder)
    try {
      const stored = await spool.putStream(source, { mostBytes })
      return await putNamed((await spool.read(stored.digest)) ?? [], { expected: stored.digest, mostBytes })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  return {
    async put(bytes) {
      const digest = digestOf(bytes)
      await putWhole(place(digest), Buffer.from(bytes))
      return digest
    },
    putStream: (source, { expected, mostBytes }) =>
      expected === undefined ? putNameless(source, { mostBytes }) : putNamed(source, { expected, mostBytes }),
    async get(digest) {
      const response = await request(place(digest))
      return response && Buffer.from(await translating(() => response.arrayBuffer()))
    },
    async read(digest, range) {
      // S3 knows no empty range.
      if (range !== undefined && range.to <= range.from)
        return (await translating(() => s3.objectExists(place(digest)))) ? ReadableStream.from([]) : undefined
      const response = await request(place(digest), range)
      return response && (response.body ?? ReadableStream.from([]))
    },
    has: digest => translating(async () => (await s3.objectExists(place(digest))) === true),
    size: digest =>
      translating(async () =>
        (await s3.objectExists(place(digest))) === true ? await s3.getContentLength(place(digest)) : undefined,
      ),
    async delete(digest) {
      await translating(() => s3.deleteObject(place(digest)))
    },
    async sweep(before) {
      for (const name of await readdir(spoolFolder).catch(() => [])) {
        const folder = join(spoolFolder, name)
        const found = await stat(folder).catch(() => undefined)
        if (found !== undefined && found.mtime < before) await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

import { BlobJoin, blobLimits, MissingBlobs, StoredBlob } from '../blobs.ts'
import type { ApiClient, RequestOptions } from '../client.ts'
import { type Digest, sha256 } from '../digest.ts'
import { RefusedError, UnreachableError } from '../errors.ts'
import { type ByteStream, readParts } from './byte-stream.ts'

/** Tries of one request before its failure is told. With their pauses they bridge about a minute. */
const attempts = 8
const pause = { firstMs: 500, longestMs: 20_000 }
/** A part on a slow line, and a join of the longest file on a slow disk. */
const partTimeoutMs = 20 * 60_000
const joinTimeoutMs = 60 * 60_000
/** Shorter ones are sent without asking whether they are there. */
const askedFromBytes = 64 << 10

export interface UploadOptions {
  /** Told with the bytes of this source that are with the server. */
  onProgress?(bytes: number): void
  readonly signal?: AbortSignal | undefined
}

export interface Uploader {
  /**
   * Stores bytes on the server, in one request or in parts that are each checked by their digest. What is there already
   * is not sent: an upload that broke goes on where it was.
   *
   * @throws {RefusedError} where the server does not take it, also after several tries
   * @throws {UnreachableError} where it could not be reached for about a minute; or the signal's reason
   */
  upload(source: ByteStream, options?: UploadOptions): Promise<StoredBlob>
}

export interface UploaderPorts {
  readonly api: Pick<ApiClient, 'post' | 'postBytes'>
  /** A session's token; asked before each request, since an upload may outlive a session. */
  token(): string | Promise<string>
  /** Waits; for tests. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>
}

/**
 * Stores what a poster gives.
 *
 * @example
 * const { digest } = await createUploader({ api, token }).upload(file.stream(), { onProgress, signal })
 */
export function createUploader({ api, token, wait = waitFor }: UploaderPorts): Uploader {
  /** What is wanted for itself: it must stay where it is also a part of something longer. */
  const wanted = new Set<Digest>()

  async function insist<T>(signal: AbortSignal | undefined, act: (options: RequestOptions) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      signal?.throwIfAborted()
      try {
        return await act({ token: await token(), signal })
      } catch (error) {
        const delayMs = delayAfter(error, attempt)
        if (delayMs === undefined || attempt >= attempts) throw error
        await wait(delayMs, signal)
      }
    }
  }

  async function isMissing(digest: Digest, signal: AbortSignal | undefined): Promise<boolean> {
    const { missing } = await insist(signal, options =>
      api.post('/api/blobs/missing', { digests: [digest] }, MissingBlobs, options),
    )
    return missing.length > 0
  }

  async function send(bytes: Uint8Array<ArrayBuffer>, digest: Digest, signal: AbortSignal | undefined): Promise<void> {
    if (bytes.length >= askedFromBytes && !(await isMissing(digest, signal))) return
    await insist(signal, options =>
      api.postBytes(`/api/blobs?sha256=${digest}`, bytes, StoredBlob, { ...options, timeoutMs: partTimeoutMs }),
    )
  }

  return {
    async upload(source, { onProgress, signal } = {}) {
      const parts: Digest[] = []
      let bytes = 0
      let first: Uint8Array<ArrayBuffer> | undefined

      async function sendPart(part: Uint8Array<ArrayBuffer>): Promise<void> {
        const digest = await sha256(part)
        await send(part, digest, signal)
        parts.push(digest)
        bytes += part.length
        onProgress?.(bytes)
      }

      for await (const part of readParts(source, blobLimits.partBytes)) {
        signal?.throwIfAborted()
        // Whether the first part is all that there is shows when the second comes.
        if (first === undefined && parts.length === 0) {
          first = part
          continue
        }
        if (first !== undefined) await sendPart(first)
        first = undefined
        await sendPart(part)
      }
      if (first !== undefined || parts.length === 0) {
        const whole = first ?? new Uint8Array()
        const digest = await sha256(whole)
        wanted.add(digest)
        await send(whole, digest, signal)
        onProgress?.(whole.length)
        return { digest, bytes: whole.length }
      }
      const keep = [...new Set(parts)].filter(part => wanted.has(part))
      const stored = await insist(signal, options =>
        api.post('/api/blobs/join', BlobJoin.parse({ parts, keep }), StoredBlob, {
          ...options,
          timeoutMs: joinTimeoutMs,
        }),
      )
      wanted.add(stored.digest)
      return stored
    },
  }
}

/** @returns how long to wait before the next try; undefined: it would not help */
function delayAfter(error: unknown, attempt: number): number | undefined {
  const backOffMs = Math.random() * Math.min(pause.longestMs, pause.firstMs * 2 ** attempt)
  if (error instanceof UnreachableError) return backOffMs
  if (!(error instanceof RefusedError)) return undefined
  // A token that has just run out is another one at the next try.
  if (error.problem.status === 401) return attempt === 1 ? 0 : undefined
  const isPassing = error.problem.status === 429 || error.problem.status === 503
  return isPassing && error.problem.code !== 'StorageFullError'
    ? (error.retryAfterSeconds ?? 0) * 1000 + backOffMs
    : undefined
}

/** Waits, or throws the signal's reason where that comes first. */
function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    function stop(): void {
      clearTimeout(timer)
      reject(signal?.reason as unknown)
    }
    signal?.addEventListener('abort', stop, { once: true })
    if (signal?.aborted) stop()
  })
}

import type { ApiClient } from '../protocol/client.ts'
import { type Digest, sha256 } from '../protocol/digest.ts'
import { UnreachableError } from '../protocol/errors.ts'
import { once } from '../protocol/once.ts'
import type { Store } from './store.ts'

/** Inputs that are kept for the next tasks, which often need the same. */
const keptBytes = 256 << 20
/** A line slower than this is no line. */
const bytesPerMs = 32
const leastTimeoutMs = 60_000

const prefix = 'blob-'

/** Blobs by their digests. */
export interface BlobSource {
  /**
   * A blob from the store, else from the server. What does not have its digest is never given out. Every caller gets
   * bytes of his own.
   *
   * @param bytes how many there should be: long ones get more time
   * @throws {RefusedError} where the server does not have it
   * @throws {UnreachableError} where it cannot be fetched, or what comes is something else
   */
  load(digest: Digest, bytes: number): Promise<Uint8Array<ArrayBuffer>>
}

/** The store's name of a blob. Its length is in it, so that a visit knows without reading what it has. */
const nameOf = (digest: Digest, bytes: number): string => `${prefix}${digest}-${bytes}`

function parseName(name: string): { digest: Digest; bytes: number } | undefined {
  const [, digest, bytes] = /^blob-([0-9a-f]{64})-(\d+)$/.exec(name) ?? []
  return digest === undefined ? undefined : { digest: digest as Digest, bytes: Number(bytes) }
}

/** Keeps blobs in the store under a budget: what was not needed for longest goes first. */
export function createBlobSource(api: Pick<ApiClient, 'getBytes'>, store: Store, mostBytes = keptBytes): BlobSource {
  const loading = new Map<Digest, Promise<Uint8Array<ArrayBuffer>>>()
  /** Bytes of what is in the store, the longest unused first. */
  const kept = new Map<Digest, number>()
  const readKept = once(async () => {
    for (const found of (await store.list()).map(parseName)) if (found) kept.set(found.digest, found.bytes)
  })

  async function drop(digest: Digest): Promise<void> {
    const bytes = kept.get(digest)
    kept.delete(digest)
    if (bytes !== undefined) await store.delete(nameOf(digest, bytes))
  }

  async function read(digest: Digest): Promise<Uint8Array<ArrayBuffer> | undefined> {
    await readKept()
    const length = kept.get(digest)
    if (length === undefined) return undefined
    const bytes = await store.get(nameOf(digest, length))
    if (bytes === undefined || (await sha256(bytes)) !== digest) {
      await drop(digest)
      return undefined
    }
    kept.delete(digest)
    kept.set(digest, length)
    return bytes
  }

  async function keep(digest: Digest, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (bytes.length > mostBytes) return
    let sum = [...kept.values()].reduce((all, length) => all + length, bytes.length)
    for (const [longest, length] of kept) {
      if (sum <= mostBytes) break
      sum -= length
      await drop(longest)
    }
    kept.set(digest, bytes.length)
    await store.put(nameOf(digest, bytes.length), bytes)
  }

  async function fetchBytes(digest: Digest, expected: number): Promise<Uint8Array<ArrayBuffer>> {
    // A store that fails costs a download, never the work.
    const known = await read(digest).catch(() => undefined)
    if (known !== undefined) return known
    const path = `/api/blobs/${digest}`
    const bytes = await api.getBytes(path, { timeoutMs: leastTimeoutMs + Math.ceil(expected / bytesPerMs) })
    const found = await sha256(bytes)
    if (found !== digest) throw new UnreachableError(path, { cause: new Error(`expected ${digest}, came ${found}`) })
    await keep(digest, bytes).catch(() => kept.delete(digest))
    return bytes
  }

  return {
    async load(digest, expected) {
      const known = loading.get(digest)
      if (known !== undefined) return (await known).slice()
      const fresh = fetchBytes(digest, expected)
      loading.set(digest, fresh)
      try {
        return (await fresh).slice()
      } finally {
        loading.delete(digest)
      }
    },
  }
}

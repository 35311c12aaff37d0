import type { ApiClient } from '../protocol/client.ts'
import { type Digest, sha256 } from '../protocol/digest.ts'
import { UnreachableError } from '../protocol/errors.ts'
import { inspectKernel, type LoadedKernel } from './kernel.ts'
import type { Store } from './store.ts'

export interface Kernels {
  /**
   * Fetches and inspects a kernel, once per digest; a failure is forgotten, so that the next call tries again.
   *
   * @throws {RefusedError} where the server does not have it
   * @throws {UnreachableError} where it cannot be fetched, or what comes is something else
   */
  load(digest: Digest): Promise<LoadedKernel>
  /** Forgets the stored bytes of all kernels but these. */
  keepOnly(digests: ReadonlySet<Digest>): Promise<void>
}

const prefix = 'kernel-'

/** Kernels by digest: from the store, else from the server. What does not have its digest never runs. */
export function createKernels(api: ApiClient, store: Store): Kernels {
  const loading = new Map<Digest, Promise<LoadedKernel>>()

  async function fetchBytes(digest: Digest): Promise<Uint8Array<ArrayBuffer>> {
    // A store that fails costs a download, never the work.
    const kept = await store.get(prefix + digest).catch(() => undefined)
    if (kept && (await sha256(kept)) === digest) return kept
    const path = `/api/blobs/${digest}`
    const bytes = await api.getBytes(path)
    const found = await sha256(bytes)
    if (found !== digest) throw new UnreachableError(path, { cause: new Error(`expected ${digest}, came ${found}`) })
    await store.put(prefix + digest, bytes).catch(() => {})
    return bytes
  }

  return {
    load(digest) {
      const known = loading.get(digest)
      if (known) return known
      const fresh = fetchBytes(digest).then(bytes => inspectKernel(bytes, digest))
      loading.set(digest, fresh)
      fresh.catch(() => loading.delete(digest))
      return fresh
    },
    async keepOnly(digests) {
      const names = new Set([...digests].map(digest => prefix + digest))
      for (const name of await store.list().catch(() => []))
        if (name.startsWith(prefix) && !names.has(name)) await store.delete(name).catch(() => {})
    },
  }
}

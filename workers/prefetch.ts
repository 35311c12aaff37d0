import { fromBase64Url } from '../protocol/bytes.ts'
import type { LeaseToken } from '../protocol/ids.ts'
import type { Lease } from '../protocol/work.ts'
import type { BlobSource } from './blob-source.ts'
import { fetchAhead } from './resolve-input.ts'

/** Fetches what the next task needs while the lanes are busy: once, however often it is asked. */
export function createPrefetch(blobs: BlobSource): (next: Lease) => void {
  let latest: LeaseToken | undefined
  return ({ lease, kernelId, input }) => {
    if (lease === latest) return
    latest = lease
    void fetchAhead(kernelId, fromBase64Url(input), blobs)
  }
}

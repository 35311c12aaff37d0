import { join } from 'node:path'
import type { Digest } from '../../protocol/digest.ts'
import { checkFolder, type HealthCheck } from '../health.ts'
import type { BlobStore } from './blob-store.ts'
import { createFolderBlobs } from './folder-blobs.ts'
import type { BlobPlace } from './parse-blob-place.ts'
import { createS3Blobs } from './s3-blobs.ts'

/** Asks the bucket for a blob that need not be there. */
const checkBucket =
  (blobs: BlobStore): HealthCheck =>
  async () => {
    try {
      await blobs.has('0'.repeat(64) as Digest)
      return { ok: true, detail: 'The bucket answers.' }
    } catch {
      return { ok: false, detail: 'No file can be stored or read: the bucket does not answer, or refuses the key.' }
    }
  }

/** Opens the store that the settings name, with the check that says whether it works. */
export function openBlobs(input: {
  readonly place: BlobPlace
  readonly dataFolder: string
  readonly now: () => number
}): { blobs: BlobStore; check: HealthCheck } {
  const { place, dataFolder, now } = input
  if (place.kind === 's3') {
    const blobs = createS3Blobs(place, join(dataFolder, 'spool'))
    return { blobs, check: checkBucket(blobs) }
  }
  const folder = join(dataFolder, 'blobs')
  return { blobs: createFolderBlobs(folder), check: checkFolder(folder, now) }
}

import * as z from 'zod/mini'
import { Digest } from './digest.ts'

export const blobLimits = {
  /** Longer files go up in parts of so many bytes, the last one shorter. */
  partBytes: 8 << 20,
  /** Digests in one question or one join. */
  digests: 1000,
} as const

/** Answer to `POST /api/blobs?sha256=` and `POST /api/blobs/join`. */
export const StoredBlob = z.object({ digest: Digest, bytes: z.int().check(z.minimum(0)) })
export type StoredBlob = z.infer<typeof StoredBlob>

/** Body of `POST /api/blobs/missing`. */
export const MissingBlobsQuestion = z.object({ digests: z.array(Digest).check(z.maxLength(blobLimits.digests)) })

/**
 * Answer to it: those that the account has to send. The others are kept for another day.
 */
export const MissingBlobs = z.object({ missing: z.array(Digest) })
export type MissingBlobs = z.infer<typeof MissingBlobs>

/** Body of `POST /api/blobs/join`: blobs one after the other become one, and go. */
export const BlobJoin = z.object({
  /** What comes of it; absent: whatever comes. */
  digest: z.optional(Digest),
  /** A part may come more than once. */
  parts: z.array(Digest).check(z.minLength(1), z.maxLength(blobLimits.digests)),
  /** Parts that are also wanted for themselves, and stay. */
  keep: z._default(z.array(Digest).check(z.maxLength(blobLimits.digests)), []),
})
export type BlobJoin = z.infer<typeof BlobJoin>

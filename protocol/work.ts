import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { Digest } from './digest.ts'
import { JobId, LeaseToken, TaskId } from './ids.ts'

/** Bounds of one `POST /api/work`. */
export const workLimits = {
  leasesPerRequest: 64,
  resultsPerRequest: 64,
  secondsPerRequest: 3600,
  /** 64 outputs of 1 MiB would be too much at once: the body as a whole is bounded too. */
  bodyBytes: 8 << 20,
  failureReasonLength: 500,
  /** Far more than any lease lives. */
  elapsedMs: 2 ** 31 - 1,
  /** {@link LeaseToken} is bounded by these, in base64url. */
  grantBytes: { least: 16, most: 2048 },
} as const

const printable = /^[^\p{C}]+$/u

/** Whether a reason is one line that can be shown and stored as it is. */
export const isPrintable = (text: string): boolean => printable.test(text)

/** What became of a lease on the device. A failure is the code's own (a trap, bad output), never the device's. */
export const LeaseOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('output'), output: Base64Url }),
  z.object({
    kind: z.literal('failed'),
    /** One printable line. */
    reason: z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(workLimits.failureReasonLength),
        z.refine(isPrintable, 'expected printable characters'),
      ),
  }),
])
export type LeaseOutcome = z.infer<typeof LeaseOutcome>

export const FinishedLease = z.object({
  lease: LeaseToken,
  /** Milliseconds inside the kernel, without pauses. */
  elapsedMs: z.int().check(z.minimum(0), z.maximum(workLimits.elapsedMs)),
  outcome: LeaseOutcome,
})
export type FinishedLease = z.infer<typeof FinishedLease>

/**
 * Body of `POST /api/work`: what a device finished, and how many seconds of new work it wants.
 * Sending it again with the same `requestId` is safe: results count once, and the leases of the lost answer come again.
 */
export const WorkRequest = z.object({
  /** Any 16 bytes in the spelling of a UUID. */
  requestId: z.guid(),
  /** Seconds of the reference core; 0 only reports. */
  seconds: z.number().check(z.minimum(0), z.maximum(workLimits.secondsPerRequest)),
  /** Cores that wait for work: at least as many leases come, if there is that much work. */
  lanes: z.int().check(z.minimum(0), z.maximum(workLimits.leasesPerRequest)),
  finished: z.array(FinishedLease).check(z.maxLength(workLimits.resultsPerRequest)),
})
export type WorkRequest = z.infer<typeof WorkRequest>

/** Body of `POST /api/leases/return`. */
export const LeaseReturn = z.object({
  leases: z.array(LeaseToken).check(z.maxLength(workLimits.leasesPerRequest)),
})

export const Lease = z.object({
  lease: LeaseToken,
  taskId: TaskId,
  jobId: JobId,
  kernelId: z.string(),
  kernelDigest: Digest,
  input: Base64Url,
  expiresAt: z.iso.datetime(),
  /** Credit of the task: seconds that the reference core would need. */
  credit: z.number(),
  memoryCapBytes: z.int(),
  outputCapBytes: z.int(),
})
export type Lease = z.infer<typeof Lease>

export const WorkResponse = z.object({
  /** How many of the reported results are stored, those of an earlier, identical report included: all of them. */
  stored: z.int(),
  leases: z.array(Lease),
  /** When to ask again, where less work came than was wanted. */
  retryAfterSeconds: z.number(),
})
export type WorkResponse = z.infer<typeof WorkResponse>

import * as z from 'zod/mini'
import { Digest } from './digest.ts'
import { AccountId, Count, JobId, TaskId } from './ids.ts'

/**
 * A result of one's own. `returned` waits for somebody else's second opinion, or is of a task that seems pending for a
 * day, to test others.
 */
export const OwnResult = z.object({
  taskId: TaskId,
  jobId: JobId,
  kernelId: z.string(),
  returnedAt: z.iso.datetime(),
  elapsedMs: z.int(),
  state: z.enum(['returned', 'accepted', 'rejected', 'failed', 'disputed']),
  judgedAt: z.optional(z.iso.datetime()),
  /** Earned by this result: 0 unless accepted. */
  credit: z.number(),
  /** How many others have returned a result for the task, once it is judged. */
  others: z.optional(z.int()),
})
export type OwnResult = z.infer<typeof OwnResult>

/** What the checks of an account on one kernel have said so far. */
export const KernelStanding = z.object({
  kernelId: z.string(),
  kernelDigest: Digest,
  /** `probation`: believed as little as anybody new. `established`: believed so much that it may second newcomers. */
  level: z.enum(['probation', 'known', 'established']),
  /** Checks passed since the last failure. */
  passed: z.int(),
  /** Failed checks that are not forgiven yet. */
  strikes: z.int(),
  /** No work until then, since a result was found wrong. */
  pausedUntil: z.optional(z.iso.datetime()),
})
export type KernelStanding = z.infer<typeof KernelStanding>

/** Answer to `GET /api/account`, for the account that the session token speaks for. */
export const Account = z.object({
  accountId: AccountId,
  createdAt: z.iso.datetime(),
  devices: z.int(),
  /** Earned and kept. */
  credit: z.number(),
  /** Part of it that would be lost if a result were found wrong now. */
  unvested: z.number(),
  /** Earned once, and lost again since a result was found wrong. */
  forfeited: z.number(),
  standing: z.array(KernelStanding),
  /** All results ever returned. The next three are among them; the rest failed with its task, or is disputed. */
  returned: Count,
  accepted: Count,
  rejected: Count,
  /** Results whose task has no verdict yet. */
  waiting: Count,
  /** Newest first, at most 50. */
  results: z.array(OwnResult),
  /** Cumulative credit, oldest first, at most 240 points. */
  creditHistory: z.array(z.object({ at: z.iso.datetime(), credit: z.number() })),
})
export type Account = z.infer<typeof Account>

import * as z from 'zod/mini'
import { AccountId, Count, JobId, TaskId } from './ids.ts'

/** A result of one's own. `accepted` is final; `returned` waits for somebody else's second opinion. */
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

/** Answer to `GET /api/account`, for the account that the session token speaks for. */
export const Account = z.object({
  accountId: AccountId,
  createdAt: z.iso.datetime(),
  devices: z.int(),
  credit: z.number(),
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

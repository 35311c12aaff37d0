import * as z from 'zod/mini'

/** One of the latest results of an account, as `recent_results.entries` holds them, newest first. */
export const RecentResult = z.object({
  /** Decimal, as is the index: 64 bits do not fit a JSON number. */
  jobId: z.string(),
  index: z.string(),
  /** In milliseconds since 1970. */
  returnedAt: z.number(),
  elapsedMs: z.number(),
  state: z.enum(['returned', 'accepted', 'rejected', 'failed', 'disputed']),
  /** When the task was judged; absent until then. */
  judgedAt: z.optional(z.number()),
  microCredits: z.number(),
  /** How many other accounts have returned a result for the task, once it is judged. */
  others: z.optional(z.number()),
})
export type RecentResult = z.infer<typeof RecentResult>

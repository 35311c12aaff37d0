import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { Digest } from './digest.ts'
import { Count, TaskId } from './ids.ts'

/** Bounds of what one answer about a job holds. */
export const jobViewLimits = {
  /** Outputs in one answer. */
  outputs: 20,
  /** First bytes of an output that a view carries. */
  headBytes: 64 << 10,
  /** Failed or disputed tasks in one answer. */
  tasks: 100,
  /** Of a job whose results come as a zip: more files are no use to anybody in a folder. */
  zipTasks: 1_000_000,
} as const

/** An accepted output, or its beginning. */
export const OutputView = z.object({
  taskId: TaskId,
  digest: Digest,
  /** Length of the whole output. */
  bytes: z.int(),
  /** Its first bytes, at most `jobViewLimits.headBytes`. */
  head: Base64Url,
  /** Whether `head` is all of it. */
  isWhole: z.boolean(),
})
export type OutputView = z.infer<typeof OutputView>

/**
 * Answer to `GET /api/jobs/:id/outputs`: accepted outputs in the order of their tasks, at most `?limit=` of them.
 * `?after=` the `next` of an answer has those that follow; without a `next` there are no more yet.
 */
export const JobOutputs = z.object({ outputs: z.array(OutputView), next: z.optional(Count) })
export type JobOutputs = z.infer<typeof JobOutputs>

/** A task that came to no accepted output. */
export const UnacceptedTask = z.object({
  taskId: TaskId,
  state: z.enum(['failed', 'disputed']),
  /** A sentence, where the program failed. */
  reason: z.optional(z.string()),
})
export type UnacceptedTask = z.infer<typeof UnacceptedTask>

/**
 * Answer to `GET /api/jobs/:id/tasks?state=failed` or `=disputed`: in the order of the tasks, at most `?limit=` of them.
 * `?after=` the `next` of an answer has those that follow.
 */
export const JobTasks = z.object({ tasks: z.array(UnacceptedTask), next: z.optional(Count) })
export type JobTasks = z.infer<typeof JobTasks>

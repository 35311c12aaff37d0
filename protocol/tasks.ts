import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { Digest } from './digest.ts'
import { Count, JobId, TaskId } from './ids.ts'
import { Policy } from './jobs.ts'

/** The probability that a verdict is right, by the records of those who agree and of those who do not. */
const certainty = z.number()

/** What the judge says of a task. Some tasks seem pending for a day although they are accepted: they serve to test others. */
export const Verdict = z.discriminatedUnion('state', [
  z.object({ state: z.literal('pending') }),
  z.object({ state: z.literal('accepted'), digest: Digest, certainty }),
  z.object({ state: z.literal('failed'), reason: z.string(), certainty }),
  z.object({ state: z.literal('disputed') }),
])
export type Verdict = z.infer<typeof Verdict>

/** One execution of the task, under a pseudonym that means nothing outside this receipt. */
export const Replica = z.object({
  pseudonym: z.string(),
  returnedAt: z.iso.datetime(),
  elapsedMs: z.int(),
  result: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('output'), digest: Digest, agrees: z.boolean() }),
    z.object({ kind: z.literal('failed'), reason: z.string(), agrees: z.boolean() }),
  ]),
  /** What it came to: `unpaid` where the task failed or is disputed, `waiting` while it is under review. */
  standing: z.enum(['waiting', 'accepted', 'rejected', 'unpaid']),
  /** How probable its account's record made it, when it came in, that it is right. */
  credibility: z.number(),
})
export type Replica = z.infer<typeof Replica>

/** The public receipt of a task: all that anybody needs to run it again and compare. */
export const Receipt = z.object({
  taskId: TaskId,
  jobId: JobId,
  index: Count,
  kernelId: z.string(),
  kernelDigest: Digest,
  input: Base64Url,
  inputDigest: Digest,
  policy: Policy,
  credit: z.number(),
  memoryCapBytes: z.int(),
  outputCapBytes: z.int(),
  verdict: Verdict,
  judgedAt: z.optional(z.iso.datetime()),
  /** The accepted output; absent until the task is accepted. */
  output: z.optional(Base64Url),
  /** Empty until the task is judged: even their number would tell a device whether others have answered. */
  replicas: z.array(Replica),
})
export type Receipt = z.infer<typeof Receipt>

/** A line of `GET /api/jobs/:id/segments/:lo`: an accepted task, with all that its verdict was made from. */
export const SealedTask = z.object({
  taskId: TaskId,
  digest: Digest,
  output: Base64Url,
  certainty,
  replicas: z.array(Replica),
})
export type SealedTask = z.infer<typeof SealedTask>

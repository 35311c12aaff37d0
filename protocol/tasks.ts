import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { Digest } from './digest.ts'
import { Count, JobId, TaskId } from './ids.ts'
import { Policy } from './jobs.ts'

/** What the judge says of a task. */
export const Verdict = z.discriminatedUnion('state', [
  z.object({ state: z.literal('pending') }),
  z.object({ state: z.literal('accepted'), digest: Digest }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
  z.object({ state: z.literal('disputed') }),
  /** Accepted, but secret for a while: the task may serve to test others. */
  z.object({ state: z.literal('withheld'), until: z.iso.datetime() }),
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
  /** How many replicas have been returned; who and what stays hidden until the task is judged. */
  returned: z.int(),
  replicas: z.array(Replica),
})
export type Receipt = z.infer<typeof Receipt>

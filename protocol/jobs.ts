import * as z from 'zod/mini'
import { Digest } from './digest.ts'
import { AccountId, Count, JobId } from './ids.ts'

/** What makes two outputs the same answer. */
export const Compare = z.discriminatedUnion('kind', [
  /** The same bytes, by SHA-256. */
  z.object({ kind: z.literal('exact') }),
  /** Little-endian arrays whose elements differ by at most `absolute + relative * max(|a|, |b|)`. */
  z.object({
    kind: z.literal('tolerance'),
    elementType: z.enum(['float32', 'float64']),
    absolute: z.number().check(z.minimum(0)),
    relative: z.number().check(z.minimum(0), z.maximum(1)),
  }),
])
export type Compare = z.infer<typeof Compare>

/** How results become true; the poster's choice, kept with the job. What is left out has the default. */
export const Policy = z.object({
  /** An answer is accepted when the probability that it is right reaches this. */
  confidence: z._default(z.number().check(z.minimum(0.5), z.maximum(0.999999)), 0.999),
  /** However credible they are, at least so many accounts must agree. */
  minReplicas: z._default(z.int().check(z.minimum(1), z.maximum(8)), 2),
  /** Without an accepted answer by then, the task is disputed. */
  maxReplicas: z._default(z.int().check(z.minimum(1), z.maximum(16)), 8),
  compare: z._default(Compare, { kind: 'exact' }),
})
export type Policy = z.infer<typeof Policy>

export const defaultPolicy: Policy = Policy.parse({})

/** How many replicas of a task are paid when nobody cheats: what a cost is reckoned with. */
export const expectedReplicas = ({ minReplicas }: Policy): number => Math.max(2, minReplicas)

/** Votes of accounts without any record that together reach a confidence: each is believed 4 : 1. */
export const newcomersFor = (confidence: number): number =>
  Math.max(2, Math.ceil(Math.log(confidence / (1 - confidence)) / Math.log(4)))

/** How many replicas of a task are paid where only newcomers compute: a budget of so many is enough. */
export const enoughReplicas = (policy: Policy): number =>
  Math.max(expectedReplicas(policy), Math.min(policy.maxReplicas, newcomersFor(policy.confidence)))

/**
 * Where a job stands. `finished`: every task is judged. `outOfBudget` and `overdue` stop it by themselves; its poster may
 * still cancel it.
 */
export const JobState = z.enum(['active', 'paused', 'outOfBudget', 'overdue', 'canceled', 'finished'])
export type JobState = z.infer<typeof JobState>

/** What becomes of the accepted outputs once all tasks are judged. */
export const Merge = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** Outputs are numbers in text; those at the same place of every output are put together. */
  z.object({ kind: z.enum(['sum', 'minimum', 'maximum']) }),
  /** In the order of the tasks. */
  z.object({ kind: z.literal('concatenate') }),
  /** An uploaded module reads the concatenation, and its output is the answer: one more task, verified as the others. */
  z.object({ kind: z.literal('kernel'), digest: Digest }),
])
export type Merge = z.infer<typeof Merge>

/** What the merge of a job has come to. */
export const Merged = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting') }),
  /** By the one task of the job `jobId`. */
  z.object({ state: z.literal('running'), jobId: JobId }),
  z.object({ state: z.literal('done'), digest: Digest, bytes: z.int() }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
])
export type Merged = z.infer<typeof Merged>

export const Job = z.object({
  id: JobId,
  /** The poster's words; absent for jobs of built-in kernels that the operator began, which have their kernel's. */
  title: z.optional(z.string()),
  description: z.optional(z.string()),
  /** The account that posted it; absent: the operator. */
  posterId: z.optional(AccountId),
  state: JobState,
  /** The job whose failed tasks this one runs again, under numbers of its own. */
  rerunOf: z.optional(JobId),
  kernelId: z.string(),
  kernelDigest: Digest,
  kernelBytes: z.int(),
  /** As the kernel's descriptor defines them; 64-bit numbers are decimal strings. */
  parameters: z.unknown(),
  policy: Policy,
  /** Seconds of the reference core that one accepted replica earns. */
  creditPerTask: z.number(),
  tasks: Count,
  accepted: Count,
  disputed: Count,
  failed: Count,
  createdAt: z.iso.datetime(),
})
export type Job = z.infer<typeof Job>

/** Answer to `GET /api/jobs`: a few hundred at most. Long parameters are `{}` there: `GET /api/jobs/:id` has them. */
export const JobList = z.object({ jobs: z.array(Job) })
export type JobList = z.infer<typeof JobList>

export const JobDetail = z.object({
  ...Job.shape,
  /** What all accepted results say together, merged by the kernel's descriptor: what its picture shows. */
  summary: z.unknown(),
  /** Credits that its accepted replicas have earned so far. */
  spentCredits: z.number(),
  /** Most that they may earn; absent: no bound. */
  budgetCredits: z.optional(z.number()),
  deadline: z.optional(z.iso.datetime()),
  merge: Merge,
  /** Absent where there is nothing to merge. */
  merged: z.optional(Merged),
  /** Jobs that run failed tasks of this one again. */
  reruns: z.array(JobId),
})
export type JobDetail = z.infer<typeof JobDetail>

/** Judged tasks `lo <= index < hi`, whose log is final. */
export const Segment = z.object({
  lo: Count,
  hi: Count,
  /** SHA-256 of the compressed log, which stays with the server: it says who is who. */
  digest: Digest,
  bytes: z.int(),
})
export type Segment = z.infer<typeof Segment>

/** Answer to `GET /api/jobs/:id/segments`: in the order of tasks, at most 1000; `?after=` the last `lo` has the next. */
export const SegmentList = z.object({ segments: z.array(Segment) })
export type SegmentList = z.infer<typeof SegmentList>

import * as z from 'zod/mini'
import { Digest } from './digest.ts'
import { Count, JobId } from './ids.ts'

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

export const Job = z.object({
  id: JobId,
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

export const JobList = z.object({ jobs: z.array(Job) })
export type JobList = z.infer<typeof JobList>

export const JobDetail = z.object({
  ...Job.shape,
  /** What all accepted results say together, merged by the kernel's descriptor: what its picture shows. */
  summary: z.unknown(),
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

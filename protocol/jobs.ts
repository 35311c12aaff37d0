import * as z from 'zod/mini'
import { Digest } from './digest.ts'
import { Count, JobId } from './ids.ts'

/** How results become true; the poster's choice, kept with the job. */
export const Policy = z.object({
  /** Bit-equal results of as many accounts make a task accepted. */
  minReplicas: z.int().check(z.minimum(1), z.maximum(8)),
  /** Past it a task without agreement is disputed. */
  maxReplicas: z.int().check(z.minimum(1), z.maximum(16)),
})
export type Policy = z.infer<typeof Policy>

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

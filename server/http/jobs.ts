import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import * as z from 'zod/mini'
import { Count, JobId } from '../../protocol/ids.ts'
import { JobDetail, JobList, SegmentList } from '../../protocol/jobs.ts'
import { findJobProgress, listJobProgress, listJobs, readSummary } from '../db/jobs.ts'
import { readJobBooks } from '../db/read-job-books.ts'
import { listSegments, readSegment } from '../db/segments.ts'
import { foldLog } from '../domain/fold-log.ts'
import { NotFoundError } from '../errors.ts'
import { requireJob } from '../require-job.ts'
import { toJob, toJobDetail, toSealedTask, toSegment } from '../views.ts'
import { documented, parse } from './route.ts'
import type { Services } from './services.ts'

const params = z.object({ id: JobId })
const tag = 'Jobs'
const segmentsPerPage = 1000

export function jobRoutes({ database, jobKernels, tokens, secrecy, now }: Services) {
  return new Hono()
    .get(
      '/jobs',
      documented({
        tag,
        summary: 'The operator’s jobs, those posted last, and those over last; long parameters are left out',
        answer: { schema: JobList },
      }),
      async c => {
        const progress = new Map((await listJobProgress(database)).map(row => [row.id, row]))
        const jobs = await listJobs(database)
        return c.json({ jobs: jobs.map(job => toJob(job, progress.get(job.id))) })
      },
    )
    .get(
      '/jobs/:id',
      documented({
        tag,
        summary: 'One job, and what its results say so far',
        answer: { schema: JobDetail },
        refusals: ['NotFoundError'],
      }),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const progress = await findJobProgress(database, job.id)
        const kernel = await jobKernels.of(job)
        // Of a kernel that this version does not know, what one chunk says stands for all.
        const merge = (one: unknown, other: unknown) => kernel?.mergeSummaries(one, other) ?? one
        const [summary, books] = await Promise.all([
          readSummary(database, job.id, merge),
          readJobBooks(database, job.id),
        ])
        return c.json(toJobDetail(job, { progress, books, summary }))
      },
    )
    .get(
      '/jobs/:id/segments',
      documented({
        tag,
        summary: 'Chunks of a job whose log is final',
        answer: { schema: SegmentList },
        refusals: ['InvalidRequestError', 'NotFoundError'],
      }),
      parse('param', params),
      parse('query', z.object({ after: z.optional(Count) })),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const after = BigInt(c.req.valid('query').after ?? -1)
        const segments = await listSegments(database, { jobId: job.id, after, limit: segmentsPerPage })
        return c.json({ segments: segments.map(segment => toSegment(segment, job)) })
      },
    )
    .get(
      '/jobs/:id/segments/:lo',
      documented({
        tag,
        summary: 'What the verdicts of a sealed chunk were made from, a line of JSON for each accepted task',
        answer: { mediaType: 'application/jsonl', description: 'Streamed; tasks accepted within a day may be missing' },
        refusals: ['InvalidRequestError', 'NotFoundError'],
      }),
      parse('param', z.object({ ...params.shape, lo: Count })),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const lo = BigInt(c.req.valid('param').lo)
        const votes = await readSegment(database, { jobId: job.id, lo })
        if (votes === undefined) throw new NotFoundError(`Job ${job.id} has no sealed chunk that begins at ${lo}.`)
        const conceal = secrecy.concealOf({ jobId: job.id, lo, now: now(), state: job.state })
        c.header('content-type', 'application/jsonl')
        return stream(c, async body => {
          for (const folded of foldLog(votes, job.policy)) {
            const sealed = toSealedTask(job, lo + BigInt(folded.offset), conceal(folded), tokens.pseudonym)
            if (body.aborted) return
            if (sealed !== undefined) await body.write(`${JSON.stringify(sealed)}\n`)
          }
        })
      },
    )
}

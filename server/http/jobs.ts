import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import * as z from 'zod/mini'
import { Count, JobId } from '../../protocol/ids.ts'
import { JobDetail, JobList, SegmentList } from '../../protocol/jobs.ts'
import type { Cell } from '../../protocol/kernel.ts'
import { findJob, type JobRow, listJobProgress, listJobs, readSummary } from '../db/jobs.ts'
import { type AcceptedTask, readAccepted } from '../db/read-accepted.ts'
import { readJobBooks } from '../db/read-job-books.ts'
import { listSegments, readSegment } from '../db/segments.ts'
import { foldLog } from '../domain/fold-log.ts'
import { NotFoundError } from '../errors.ts'
import type { JobKernel } from '../job-kernel.ts'
import { toJob, toJobDetail, toSealedTask, toSegment } from '../views.ts'
import { documented, parse } from './route.ts'
import type { Services } from './services.ts'

const params = z.object({ id: JobId })
const tag = 'Jobs'
const segmentsPerPage = 1000

/** RFC 4180. */
const csvCell = (cell: Cell): string =>
  /[",\r\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : `${cell}`

/** An output that was accepted under another version of the kernel may be none of this one: it has a digest and no rows. */
function rowsOf(kernel: JobKernel, output: Uint8Array): readonly (readonly Cell[])[] {
  try {
    return kernel.rows(output)
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

async function* toCsv(kernel: JobKernel, accepted: AsyncIterable<AcceptedTask>): AsyncGenerator<string> {
  yield `${['task', 'digest', ...kernel.columns].join(',')}\r\n`
  for await (const { index, digest, output } of accepted)
    for (const row of rowsOf(kernel, output)) yield `${[`${index}`, digest, ...row].map(csvCell).join(',')}\r\n`
}

async function* toJson(kernel: JobKernel, accepted: AsyncIterable<AcceptedTask>): AsyncGenerator<string> {
  yield `{"columns":${JSON.stringify(kernel.columns)},"results":[`
  let separator = '\n'
  for await (const { index, digest, output } of accepted) {
    yield `${separator}${JSON.stringify({ task: `${index}`, digest, rows: rowsOf(kernel, output) })}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

const formats = {
  csv: { mediaType: 'text/csv; charset=utf-8', write: toCsv },
  json: { mediaType: 'application/json', write: toJson },
} as const

export function jobRoutes({ database, jobKernels, tokens, secrecy, now }: Services) {
  async function find(id: JobId): Promise<JobRow> {
    const job = await findJob(database, BigInt(id))
    if (job === undefined) throw new NotFoundError(`There is no job ${id}.`)
    return job
  }

  const app = new Hono()
    .get('/jobs', documented({ tag, summary: 'All jobs', answer: { schema: JobList } }), async c => {
      const progress = await listJobProgress(database)
      const jobs = await listJobs(database)
      return c.json({
        jobs: jobs.map(job =>
          toJob(
            job,
            progress.find(({ id }) => id === job.id),
          ),
        ),
      })
    })
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
        const job = await find(c.req.valid('param').id)
        const progress = (await listJobProgress(database)).find(({ id }) => id === job.id)
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
        const job = await find(c.req.valid('param').id)
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
        const job = await find(c.req.valid('param').id)
        const lo = BigInt(c.req.valid('param').lo)
        const votes = await readSegment(database, { jobId: job.id, lo })
        if (votes === undefined) throw new NotFoundError(`Job ${job.id} has no sealed chunk that begins at ${lo}.`)
        const conceal = secrecy.concealOf({ jobId: job.id, lo, now: now() })
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

  for (const [extension, { mediaType, write }] of Object.entries(formats))
    app.get(
      `/jobs/:id/results.${extension}`,
      documented({
        tag,
        summary: `Accepted results as ${extension.toUpperCase()}, in the order of their tasks; some are a day late`,
        answer: { mediaType, description: 'Streamed' },
        refusals: ['NotFoundError'],
      }),
      parse('param', params),
      async c => {
        const job = await find(c.req.valid('param').id)
        const kernel = await jobKernels.of(job)
        if (kernel === undefined)
          throw new NotFoundError(`This server cannot read the results of kernel ${job.kernelId}.`)
        c.header('content-type', mediaType)
        c.header('content-disposition', `attachment; filename="job-${job.id}-results.${extension}"`)
        const concealOf = (lo: bigint) => secrecy.concealOf({ jobId: job.id, lo, now: now() })
        return stream(c, async body => {
          for await (const part of write(kernel, readAccepted(database, job, concealOf))) {
            if (body.aborted) return
            await body.write(part)
          }
        })
      },
    )
  return app
}

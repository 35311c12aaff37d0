import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import * as z from 'zod/mini'
import { toHex } from '../../protocol/bytes.ts'
import { JobId } from '../../protocol/ids.ts'
import { JobDetail, JobList } from '../../protocol/jobs.ts'
import type { Cell } from '../../protocol/kernel.ts'
import { type JobKernel, jobKernel } from '../catalogue.ts'
import { type JobRow, listJobProgress, listJobs, readSummary } from '../db/jobs.ts'
import { type AcceptedRow, readAccepted } from '../db/read-accepted.ts'
import { NotFoundError } from '../errors.ts'
import { toJob } from '../views.ts'
import { documented, parse } from './route.ts'
import type { Services } from './services.ts'

const params = z.object({ id: JobId })
const tag = 'Jobs'

/** RFC 4180. */
const csvCell = (cell: Cell): string =>
  /[",\r\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : `${cell}`

/** An output that was accepted under another version of the kernel may be none of this one: it has a digest and no rows. */
function rowsOf({ descriptor }: JobKernel, output: Uint8Array): readonly (readonly Cell[])[] {
  try {
    return descriptor.rows(descriptor.decodeOutput(output))
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

async function* toCsv(kernel: JobKernel, accepted: AsyncIterable<AcceptedRow>): AsyncGenerator<string> {
  yield `${['task', 'digest', ...kernel.descriptor.columns].join(',')}\r\n`
  for await (const { index, digest, output } of accepted)
    for (const row of rowsOf(kernel, output)) yield `${[`${index}`, toHex(digest), ...row].map(csvCell).join(',')}\r\n`
}

async function* toJson(kernel: JobKernel, accepted: AsyncIterable<AcceptedRow>): AsyncGenerator<string> {
  yield `{"columns":${JSON.stringify(kernel.descriptor.columns)},"results":[`
  let separator = '\n'
  for await (const { index, digest, output } of accepted) {
    yield `${separator}${JSON.stringify({ task: `${index}`, digest: toHex(digest), rows: rowsOf(kernel, output) })}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

const formats = {
  csv: { mediaType: 'text/csv; charset=utf-8', write: toCsv },
  json: { mediaType: 'application/json', write: toJson },
} as const

export function jobRoutes({ database }: Services) {
  async function find(id: JobId): Promise<JobRow> {
    const job = (await listJobs(database)).find(row => `${row.id}` === id)
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
        return c.json({ ...toJob(job, progress), summary: await readSummary(database, job.id) })
      },
    )

  for (const [extension, { mediaType, write }] of Object.entries(formats))
    app.get(
      `/jobs/:id/results.${extension}`,
      documented({
        tag,
        summary: `All accepted results as ${extension.toUpperCase()}, in the order of their tasks`,
        answer: { mediaType, description: 'Streamed' },
        refusals: ['NotFoundError'],
      }),
      parse('param', params),
      async c => {
        const job = await find(c.req.valid('param').id)
        const kernel = jobKernel(job)
        if (kernel === undefined)
          throw new NotFoundError(`This server cannot read the results of kernel ${job.kernelId}.`)
        c.header('content-type', mediaType)
        c.header('content-disposition', `attachment; filename="job-${job.id}-results.${extension}"`)
        return stream(c, async body => {
          for await (const part of write(kernel, readAccepted(database, job.id))) {
            if (body.aborted) return
            await body.write(part)
          }
        })
      },
    )
  return app
}

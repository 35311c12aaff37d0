import { type Context, Hono } from 'hono'
import * as z from 'zod/mini'
import { toBase64Url } from '../../protocol/bytes.ts'
import type { Digest } from '../../protocol/digest.ts'
import { Count, JobId, taskId } from '../../protocol/ids.ts'
import { JobOutputs, JobTasks, jobViewLimits, type OutputView, type UnacceptedTask } from '../../protocol/job-views.ts'
import { ProgramParameters, programKernelId } from '../../protocol/program.ts'
import type { JobRow } from '../db/jobs.ts'
import { type ConcealOf, readJudged } from '../db/read-judged.ts'
import { InvalidRequestError, NotFoundError } from '../errors.ts'
import { type JobKernel, readSplitList } from '../job-kernel.ts'
import { requireJob } from '../require-job.ts'
import { extensionOf, nameOutputs } from '../results/output-names.ts'
import { readBlob, readHead } from '../results/read-blob.ts'
import { readFilled } from '../results/read-filled.ts'
import { toCsv, toJson, toLines } from '../results/result-tables.ts'
import { createManifestWriter, writeManifest } from '../results/write-manifest.ts'
import { zipResults } from '../results/zip-results.ts'
import { documented, parse } from './route.ts'
import type { Services } from './services.ts'

const params = z.object({ id: JobId })
const tag = 'Results'
const sentBytes = 64 << 10

const limit = (most: number) => z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(most)))
const outputsQuery = z.object({ after: z.optional(Count), limit: limit(jobViewLimits.outputs) })
const tasksQuery = z.object({
  state: z.enum(['failed', 'disputed']),
  after: z.optional(Count),
  limit: limit(jobViewLimits.tasks),
})

const download = (mediaType: string, summary: string) =>
  documented({ tag, summary, answer: { mediaType, description: 'Streamed' }, refusals: ['NotFoundError'] })

/** Puts small parts together: each one that is sent costs as much as a large one. */
async function* gather(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = []
  let bytes = 0
  for await (const part of parts) {
    const piece = typeof part === 'string' ? Buffer.from(part) : part
    waiting.push(piece)
    bytes += piece.length
    if (bytes < sentBytes) continue
    yield Buffer.concat(waiting)
    waiting = []
    bytes = 0
  }
  yield Buffer.concat(waiting)
}

/** Whoever loads something down must not take half of it for all: where it fails, the connection ends. */
async function* watch<T>(parts: AsyncIterable<T>, onFailed: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* parts
  } catch (error) {
    onFailed(error)
    throw error
  }
}

/** The first of these, and whether there are more. */
async function take<T>(values: AsyncIterable<T>, most: number): Promise<{ taken: T[]; hasMore: boolean }> {
  const taken: T[] = []
  for await (const value of values) {
    if (taken.length === most) return { taken, hasMore: true }
    taken.push(value)
  }
  return { taken, hasMore: false }
}

function whyNotMerged({ id, merge, merged }: JobRow): string {
  if (merge.kind === 'none') return `Job ${id} has nothing to merge: take its results.`
  if (merged?.state === 'failed') return `The outputs of job ${id} could not be merged. ${merged.reason}`
  return `The outputs of job ${id} are not merged yet: that comes when all of its tasks have a verdict.`
}

export function resultRoutes({ database, blobs, jobKernels, secrecy, now, log }: Services) {
  /** Streams what is written, as a file to keep. */
  function send(c: Context, mediaType: string, fileName: string, parts: AsyncIterable<string | Uint8Array>): Response {
    c.header('content-type', mediaType)
    c.header('content-disposition', `attachment; filename="${fileName}"`)
    const watched = watch(gather(parts), error => log.error('A download was cut short', { path: c.req.path, error }))
    return c.body(ReadableStream.from(watched))
  }

  const concealOf =
    (job: JobRow): ConcealOf =>
    lo =>
      secrecy.concealOf({ jobId: job.id, lo, now: now(), state: job.state })

  const readAccepted = (job: JobRow) => readJudged(database, job, concealOf(job), { state: 'accepted' })

  async function findKernel(job: JobRow): Promise<JobKernel> {
    const kernel = await jobKernels.of(job)
    if (kernel === undefined) throw new NotFoundError(`This server cannot read the results of kernel ${job.kernelId}.`)
    return kernel
  }

  /** How the files of a job's results are named. */
  async function namesOf(job: JobRow) {
    if (job.kernelId !== programKernelId) return nameOutputs(job, undefined)
    const list = await readSplitList(blobs, ProgramParameters.parse(job.parameters))
    return nameOutputs(job, list)
  }

  /** The merged answer as a file, where there is one. */
  async function findMerged({ merged }: JobRow) {
    if (merged?.state !== 'done') return undefined
    const { digest, bytes } = merged
    return { path: `merged${extensionOf(await readHead(readBlob(blobs, digest)), false)}`, digest, bytes }
  }

  return new Hono()
    .get(
      '/jobs/:id/results.csv',
      download(
        'text/csv; charset=utf-8',
        'Accepted results as CSV, in the order of their tasks; while it runs, some are a day late',
      ),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const parts = toCsv(await findKernel(job), readAccepted(job))
        return send(c, 'text/csv; charset=utf-8', `job-${job.id}-results.csv`, parts)
      },
    )
    .get(
      '/jobs/:id/results.json',
      download(
        'application/json',
        'Accepted results as JSON, in the order of their tasks; while it runs, some are a day late',
      ),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const parts = toJson(await findKernel(job), readAccepted(job))
        return send(c, 'application/json', `job-${job.id}-results.json`, parts)
      },
    )
    .get(
      '/jobs/:id/results.ndjson',
      download('application/x-ndjson', 'A line of JSON for each accepted result, its output as text or base64url'),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const parts = toLines(job, await findKernel(job), readAccepted(job))
        return send(c, 'application/x-ndjson', `job-${job.id}-results.ndjson`, parts)
      },
    )
    .get(
      '/jobs/:id/manifest.json',
      download('application/json', 'What the results of a job are: the digest and the verdict of each task'),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const merged = await findMerged(job)
        const manifest = createManifestWriter({ job, merged })
        const parts = writeManifest(manifest, readFilled(database, job, concealOf), await namesOf(job))
        return send(c, 'application/json', `job-${job.id}-manifest.json`, parts)
      },
    )
    .get(
      '/jobs/:id/results.zip',
      download('application/zip', 'A file for each accepted output, the merged answer, and the manifest of both'),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        if (job.taskCount > jobViewLimits.zipTasks)
          throw new InvalidRequestError(
            `Job ${job.id} has ${job.taskCount} tasks, and a zip takes ${jobViewLimits.zipTasks} files. Take results.ndjson.`,
          )
        const merged = await findMerged(job)
        const parts = zipResults({
          tasks: readFilled(database, job, concealOf),
          nameOf: await namesOf(job),
          manifest: createManifestWriter({ job, merged }),
          merged: merged && { ...merged, read: () => readBlob(blobs, merged.digest) },
        })
        return send(c, 'application/zip', `job-${job.id}-results.zip`, parts)
      },
    )
    .get(
      '/jobs/:id/merged',
      download('application/octet-stream', 'The merged answer of a job that has one'),
      parse('param', params),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const merged = await findMerged(job)
        if (merged === undefined) throw new NotFoundError(whyNotMerged(job))
        c.header('content-length', `${merged.bytes}`)
        const parts = readBlob(blobs, merged.digest)
        return send(c, 'application/octet-stream', `job-${job.id}-${merged.path}`, parts)
      },
    )
    .get(
      '/jobs/:id/outputs',
      documented({
        tag,
        summary: 'The beginnings of accepted outputs, in the order of their tasks',
        answer: { schema: JobOutputs },
        refusals: ['InvalidRequestError', 'NotFoundError'],
      }),
      parse('param', params),
      parse('query', outputsQuery),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const { after = '-1', limit: most = jobViewLimits.outputs } = c.req.valid('query')
        const accepted = readJudged(database, job, concealOf(job), { after: BigInt(after), state: 'accepted' })
        const { taken, hasMore } = await take(accepted, most)
        const outputs = taken.map(
          ({ index, digest, output }): OutputView => ({
            taskId: taskId(`${job.id}` as JobId, index),
            digest: digest as Digest,
            bytes: output.length,
            head: toBase64Url(output.subarray(0, jobViewLimits.headBytes)),
            isWhole: output.length <= jobViewLimits.headBytes,
          }),
        )
        return c.json({ outputs, ...(hasMore && { next: `${taken.at(-1)?.index}` }) })
      },
    )
    .get(
      '/jobs/:id/tasks',
      documented({
        tag,
        summary: 'Tasks that failed, or that accounts did not agree on',
        answer: { schema: JobTasks },
        refusals: ['InvalidRequestError', 'NotFoundError'],
      }),
      parse('param', params),
      parse('query', tasksQuery),
      async c => {
        const job = await requireJob(database, c.req.valid('param').id)
        const { state, after = '-1', limit: most = jobViewLimits.tasks } = c.req.valid('query')
        const judged = readJudged(database, job, concealOf(job), { after: BigInt(after), state })
        const { taken, hasMore } = await take(judged, most)
        const tasks = taken.map(
          (task): UnacceptedTask => ({
            taskId: taskId(`${job.id}` as JobId, task.index),
            state: task.state,
            ...(task.state === 'failed' && { reason: task.reason }),
          }),
        )
        return c.json({ tasks, ...(hasMore && { next: `${taken.at(-1)?.index}` }) })
      },
    )
}

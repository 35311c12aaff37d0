import * as z from 'zod/mini'
import { Digest } from './digest.ts'
import { TidemillError } from './errors.ts'
import { Count, JobId, TaskId } from './ids.ts'
import { Merge, Policy } from './jobs.ts'

/**
 * What a job's results are, so that whoever has them can check them without the server. A manifest is one JSON document
 * laid out in lines, so that one of a million tasks is written and read as a stream:
 *
 *     {"format":"tidemill-results",...,"tasks":[     what is known before the tasks
 *     {"index":"0",...},                             a line for each task with a verdict, in their order
 *     {"index":"1",...}
 *     ],"counts":{...}}                              what is known behind them
 */
export const manifestName = 'manifest.json'

/** Longest line that is read. Parameters may be long, and stand on the first. */
const lineLimit = 32 << 20

/** A file of the results. */
const place = { path: z.string(), digest: Digest, bytes: z.int().check(z.minimum(0)) }

export const ManifestHead = z.object({
  format: z.literal('tidemill-results'),
  version: z.literal(1),
  job: z.object({
    id: JobId,
    title: z.optional(z.string()),
    kernelId: z.string(),
    kernelDigest: Digest,
    /** Of an uploaded program they name its files and its list of inputs by their digests. */
    parameters: z.unknown(),
    policy: Policy,
    tasks: Count,
    createdAt: z.iso.datetime(),
    rerunOf: z.optional(JobId),
  }),
  merge: Merge,
  /** The merged answer; absent where there is none, or not yet. */
  merged: z.optional(z.object(place)),
})
export type ManifestHead = z.infer<typeof ManifestHead>

/** The probability that a verdict is right. */
const certainty = z.number()

export const ManifestTask = z.discriminatedUnion('state', [
  z.object({
    index: Count,
    state: z.literal('accepted'),
    ...place,
    certainty,
    /** The task of a later job that ran it again after it had failed: the receipt is there. */
    rerunBy: z.optional(TaskId),
  }),
  z.object({ index: Count, state: z.literal('failed'), reason: z.string(), certainty }),
  z.object({ index: Count, state: z.literal('disputed') }),
])
export type ManifestTask = z.infer<typeof ManifestTask>

export const ManifestTail = z.object({
  /** `missing`: without a verdict, or with one that is not shown yet. */
  counts: z.object({ accepted: Count, failed: Count, disputed: Count, missing: Count }),
  /** When the last of these verdicts was reached. */
  judgedAt: z.optional(z.iso.datetime()),
})
export type ManifestTail = z.infer<typeof ManifestTail>

export type ManifestPart =
  | { readonly kind: 'head'; readonly head: ManifestHead }
  | { readonly kind: 'task'; readonly task: ManifestTask }
  | { readonly kind: 'tail'; readonly tail: ManifestTail }

export class ManifestError extends TidemillError {
  override readonly name = 'ManifestError'
}

/** The first line. */
export const manifestStart = (head: ManifestHead): string => `${JSON.stringify(head).slice(0, -1)},"tasks":[`

/** The line of a task, with the end of the line before it. */
export const manifestLine = (task: ManifestTask, isFirst: boolean): string =>
  `${isFirst ? '\n' : ',\n'}${JSON.stringify(task)}`

/** The last line, with the end of the line before it. */
export const manifestEnd = (tail: ManifestTail): string => `\n],${JSON.stringify(tail).slice(1)}\n`

function parseAs<T>(schema: z.ZodMiniType<T>, text: string, line: number): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ManifestError(`Line ${line} of the manifest is not as Tidemill writes it.`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ManifestError(`Line ${line} of the manifest: ${issue?.path.join('.')}: ${issue?.message}.`)
}

/** Lines of UTF-8 bytes, without their ends. @throws {ManifestError} where one is too long, or no UTF-8 */
async function* toLines(parts: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  const decode = (part?: Uint8Array) => {
    try {
      return decoder.decode(part, { stream: part !== undefined })
    } catch (cause) {
      throw new ManifestError('The manifest is no UTF-8 text.', { cause })
    }
  }
  for await (const part of parts) {
    const [first = '', ...more] = decode(part).split('\n')
    rest += first
    for (const next of more) {
      yield rest
      rest = next
    }
    if (rest.length > lineLimit)
      throw new ManifestError(`The manifest has a line of more than ${lineLimit} characters.`)
  }
  rest += decode()
  if (rest !== '') yield rest
}

/**
 * Reads a manifest as it comes.
 *
 * @returns the head, the tasks in their order, the tail
 * @throws {ManifestError} that says which line is not as it should be
 */
export async function* readManifest(parts: AsyncIterable<Uint8Array>): AsyncGenerator<ManifestPart> {
  const start = ',"tasks":['
  let state: 'head' | 'tasks' | 'tail' = 'head'
  let line = 0
  let next = 0n
  let count = 0n
  for await (const text of toLines(parts)) {
    line++
    if (state === 'head') {
      if (!text.endsWith(start)) throw new ManifestError('Line 1 of the manifest is not as Tidemill writes it.')
      const head = parseAs(ManifestHead, `${text.slice(0, -start.length)}}`, line)
      count = BigInt(head.job.tasks)
      state = 'tasks'
      yield { kind: 'head', head }
    } else if (state === 'tasks' && text.startsWith('],')) {
      state = 'tail'
      yield { kind: 'tail', tail: parseAs(ManifestTail, `{${text.slice(2)}`, line) }
    } else if (state === 'tasks') {
      const task = parseAs(ManifestTask, text.replace(/,$/, ''), line)
      const index = BigInt(task.index)
      if (index < next || index >= count)
        throw new ManifestError(`Line ${line} of the manifest has task ${index}, which is not in its place.`)
      next = index + 1n
      yield { kind: 'task', task }
    } else throw new ManifestError(`The manifest goes on behind its end, in line ${line}.`)
  }
  if (state !== 'tail') throw new ManifestError('The manifest ends too early.')
}

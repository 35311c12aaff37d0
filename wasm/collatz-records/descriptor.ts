import * as z from 'zod/mini'
import type { KernelDescriptor, Language } from '../../protocol/kernel.ts'
import { addRecords, type PathRecord } from './records.ts'
import { text } from './text.ts'

/**
 * Starts that the reference core passes in a second, skipped ones counted. Measured: 1.5 to 1.7 billion in ranges below
 * 2^54 (Node 24.21, one core of a 2.8 GHz Xeon); towards 2^59 it is 0.9 billion, since paths leave 64 bits.
 */
const startsPerSecond = 1.5e9

/** Starts lie below it, so that the kernel's arithmetic needs no case for the last bit. */
const startLimit = 1n << 63n
const inputBytes = 16
const headerBytes = 16
const recordBytes = 24
const recordsMax = 1024

const isStart = (value: string): boolean => /^[1-9]\d{0,18}$/.test(value) && BigInt(value) < startLimit
const Start = z.string().check(z.refine(isStart, 'expected a whole number from 1 to 2^63 - 1, in decimal'))

/** Starts `from` to `to`, both included. */
export const CollatzParameters = z
  .object({
    from: Start,
    to: Start,
    startsPerTask: z.int().check(z.minimum(1), z.maximum(2 ** 40)),
  })
  .check(
    z.refine(
      // Runs on bad starts too, after they have been refused.
      ({ from, to }) => !isStart(from) || !isStart(to) || BigInt(from) <= BigInt(to),
      'expected the first start not to be after the last',
    ),
  )
export type CollatzParameters = z.infer<typeof CollatzParameters>

export interface CollatzOutput {
  /** Steps of all walked paths of the range: the work counter. */
  readonly totalGlide: string
  /** Records within the range, starts and maxima increasing. */
  readonly records: readonly PathRecord[]
}

/** Records of all accepted ranges together. They are the true path records as far as no lower range is missing. */
export interface CollatzSummary {
  readonly records: readonly PathRecord[]
  readonly totalGlide: string
  readonly tasks: number
}

interface JobRange {
  readonly from: bigint
  readonly to: bigint
  readonly size: bigint
}

/** Parameters as numbers: a server encodes inputs by the ten thousand a second, and all of a job's have the same. */
const ranges = new WeakMap<CollatzParameters, JobRange>()

function jobRange(parameters: CollatzParameters): JobRange {
  const known = ranges.get(parameters)
  if (known !== undefined) return known
  const { from, to, startsPerTask } = parameters
  const range = { from: BigInt(from), to: BigInt(to), size: BigInt(startsPerTask) }
  ranges.set(parameters, range)
  return range
}

function taskRange(parameters: CollatzParameters, index: bigint): { first: bigint; size: bigint } {
  const { from, to, size } = jobRange(parameters)
  const first = from + index * size
  const left = to - first + 1n
  if (index < 0n || left < 1n) throw new RangeError(`Task ${index} is outside of the job.`)
  return { first, size: left < size ? left : size }
}

const sentences: Record<Language, (first: string, last: string) => string> = {
  en: (first, last) =>
    `Follows the paths of the starts ${first} to ${last} and keeps those that climb higher than all before.`,
  zh: (first, last) => `追踪起点 ${first} 到 ${last} 的路径，记下比之前所有路径都爬得更高的那些。`,
}

/** Path records of the 3n+1 problem: `wasm/collatz-records/assembly/index.ts` states every convention. */
export const collatzRecords: KernelDescriptor<CollatzParameters, CollatzOutput, CollatzSummary> = {
  id: 'collatz-records',
  area: 'mathematics',
  text,
  parameters: CollatzParameters,
  seed: { from: '1', to: '100000000000000000', startsPerTask: 3_000_000_000 },

  taskCount({ from, to, startsPerTask }) {
    const size = BigInt(startsPerTask)
    return (BigInt(to) - BigInt(from) + size) / size
  },

  taskCredit: ({ startsPerTask }) => startsPerTask / startsPerSecond,

  encodeInput(parameters, index) {
    const { first, size } = taskRange(parameters, index)
    const input = new Uint8Array(inputBytes)
    const view = new DataView(input.buffer)
    view.setBigUint64(0, first, true)
    view.setBigUint64(8, size, true)
    return input
  },

  describeTask(parameters, index, language) {
    const { first, size } = taskRange(parameters, index)
    const format = new Intl.NumberFormat(language)
    return sentences[language](format.format(first), format.format(first + size - 1n))
  },

  decodeOutput(output) {
    const view = new DataView(output.buffer, output.byteOffset, output.byteLength)
    if (output.length < headerBytes)
      throw new RangeError(`Expected at least ${headerBytes} bytes, got ${output.length}.`)
    const count = view.getBigUint64(8, true)
    if (count > recordsMax) throw new RangeError(`Expected at most ${recordsMax} records, got ${count}.`)
    const bytes = headerBytes + Number(count) * recordBytes
    if (output.length !== bytes) throw new RangeError(`Expected ${bytes} bytes, got ${output.length}.`)
    const records: PathRecord[] = []
    let [lastStart, lastMaximum] = [0n, 0n]
    for (let at = headerBytes; at < bytes; at += recordBytes) {
      const start = view.getBigUint64(at, true)
      const maximum = view.getBigUint64(at + 8, true) | (view.getBigUint64(at + 16, true) << 64n)
      if (start <= lastStart || start >= startLimit || maximum < start || maximum <= lastMaximum)
        throw new RangeError(`Expected increasing records, got ${start} with ${maximum} after ${lastStart}.`)
      records.push({ start: String(start), maximum: String(maximum) })
      lastStart = start
      lastMaximum = maximum
    }
    return { totalGlide: String(view.getBigUint64(0, true)), records }
  },

  columns: ['start', 'maximum', 'totalGlide'],
  rows: ({ records, totalGlide }) => records.map(({ start, maximum }) => [start, maximum, totalGlide]),

  emptySummary: { records: [], totalGlide: '0', tasks: 0 },
  addOutput: (summary, output) => ({
    records: addRecords(summary.records, output.records),
    totalGlide: String(BigInt(summary.totalGlide) + BigInt(output.totalGlide)),
    tasks: summary.tasks + 1,
  }),
  mergeSummaries: (one, other) => ({
    records: addRecords(one.records, other.records),
    totalGlide: String(BigInt(one.totalGlide) + BigInt(other.totalGlide)),
    tasks: one.tasks + other.tasks,
  }),
}

import { toBase64Url } from '../../protocol/bytes.ts'
import type { Cell } from '../../protocol/kernel.ts'
import { programKernelId } from '../../protocol/program.ts'
import { taskInputOf } from '../../protocol/task-input.ts'
import { jobKernel } from '../catalogue.ts'
import type { JobRow } from '../db/jobs.ts'
import type { AcceptedTask } from '../db/read-judged.ts'
import { toText } from './output-names.ts'
import type { JobInputs } from './split-list.ts'

/** How accepted outputs become rows of a table. */
export interface ResultTable {
  readonly columns: readonly string[]
  rows(output: Uint8Array): readonly (readonly Cell[])[]
}

/** An output of a program as text where it is UTF-8, else as base64url. */
const programTable: ResultTable = {
  columns: ['encoding', 'output'],
  rows(output) {
    const text = toText(output)
    return [text === undefined ? ['base64url', toBase64Url(output)] : ['text', text]]
  },
}

/** @returns undefined for a job of a kernel that this version does not know */
export function tableOf(job: JobRow): ResultTable | undefined {
  if (job.kernelId === programKernelId) return programTable
  const descriptor = jobKernel(job)?.descriptor
  if (descriptor === undefined) return undefined
  return {
    columns: descriptor.columns,
    rows(output) {
      try {
        return descriptor.rows(descriptor.decodeOutput(output))
      } catch (error) {
        // Accepted under another version of the kernel: it has a digest and no rows.
        if (error instanceof RangeError) return []
        throw error
      }
    },
  }
}

/** RFC 4180. */
const csvCell = (cell: Cell): string =>
  /[",\r\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : `${cell}`

export async function* toCsv(table: ResultTable, accepted: AsyncIterable<AcceptedTask>): AsyncGenerator<string> {
  yield `${['task', 'digest', ...table.columns].join(',')}\r\n`
  for await (const { index, digest, output } of accepted)
    for (const row of table.rows(output)) yield `${[`${index}`, digest, ...row].map(csvCell).join(',')}\r\n`
}

export async function* toJson(table: ResultTable, accepted: AsyncIterable<AcceptedTask>): AsyncGenerator<string> {
  yield `{"columns":${JSON.stringify(table.columns)},"results":[`
  let separator = '\n'
  for await (const { index, digest, output } of accepted) {
    yield `${separator}${JSON.stringify({ task: `${index}`, digest, rows: table.rows(output) })}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

/** A line for each task: what a command was started with, and its output as `text`, or as `base64url`. */
export async function* toLines(
  inputs: JobInputs | undefined,
  accepted: AsyncIterable<AcceptedTask>,
): AsyncGenerator<string> {
  for await (const { index, digest, certainty, output } of accepted) {
    const given = inputs === undefined ? [] : taskInputOf(inputs.parameters, inputs.list, index).arguments
    const text = toText(output)
    yield `${JSON.stringify({
      task: `${index}`,
      ...(given.length > 0 && { arguments: given }),
      digest,
      certainty,
      ...(text === undefined ? { base64url: toBase64Url(output) } : { text }),
    })}\n`
  }
}

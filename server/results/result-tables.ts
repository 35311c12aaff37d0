import { toBase64Url } from '../../protocol/bytes.ts'
import type { Cell } from '../../protocol/kernel.ts'
import { programKernelId, TaskInput } from '../../protocol/program.ts'
import type { JobRow } from '../db/jobs.ts'
import type { AcceptedTask } from '../db/read-judged.ts'
import type { JobKernel } from '../job-kernel.ts'
import { isText } from './output-names.ts'

/** An output that was accepted under another version of the kernel may be none of this one: it has a digest and no rows. */
function rowsOf(kernel: JobKernel, output: Uint8Array): readonly (readonly Cell[])[] {
  try {
    return kernel.rows(output)
  } catch (error) {
    if (error instanceof RangeError) return []
    throw error
  }
}

/** What a command was started with. */
function argumentsOf(job: JobRow, kernel: JobKernel, index: bigint): readonly string[] {
  if (job.kernelId !== programKernelId) return []
  return TaskInput.parse(JSON.parse(new TextDecoder().decode(kernel.encodeInput(index)))).arguments
}

/** RFC 4180. */
const csvCell = (cell: Cell): string =>
  /[",\r\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : `${cell}`

export async function* toCsv(kernel: JobKernel, accepted: AsyncIterable<AcceptedTask>): AsyncGenerator<string> {
  yield `${['task', 'digest', ...kernel.columns].join(',')}\r\n`
  for await (const { index, digest, output } of accepted)
    for (const row of rowsOf(kernel, output)) yield `${[`${index}`, digest, ...row].map(csvCell).join(',')}\r\n`
}

export async function* toJson(kernel: JobKernel, accepted: AsyncIterable<AcceptedTask>): AsyncGenerator<string> {
  yield `{"columns":${JSON.stringify(kernel.columns)},"results":[`
  let separator = '\n'
  for await (const { index, digest, output } of accepted) {
    yield `${separator}${JSON.stringify({ task: `${index}`, digest, rows: rowsOf(kernel, output) })}`
    separator = ',\n'
  }
  yield '\n]}\n'
}

/** A line for each task: what a command was started with, and its output as `text`, or as `base64url`. */
export async function* toLines(
  job: JobRow,
  kernel: JobKernel,
  accepted: AsyncIterable<AcceptedTask>,
): AsyncGenerator<string> {
  for await (const { index, digest, certainty, output } of accepted) {
    const given = argumentsOf(job, kernel, index)
    yield `${JSON.stringify({
      task: `${index}`,
      ...(given.length > 0 && { arguments: given }),
      digest,
      certainty,
      ...(isText(output)
        ? { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(output) }
        : { base64url: toBase64Url(output) }),
    })}\n`
  }
}

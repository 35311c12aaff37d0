import type { JobRow } from '../db/jobs.ts'
import type { JobInputs } from './split-list.ts'

/** @returns undefined where the bytes are no UTF-8 */
export function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Whether bytes that begin so seem to be text. */
export function startsAsText(head: Uint8Array): boolean {
  try {
    // What the head cuts in two is no fault of the text.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

export const extensionOf = (isText: boolean): string => (isText ? '.txt' : '.bin')

/**
 * Names the file of each accepted output: after its input file where every task has one, else after its index. The same
 * output always has the same name.
 */
export function nameOutputs(job: JobRow, inputs: JobInputs | undefined): (index: bigint, output: Uint8Array) => string {
  const digits = `${job.taskCount - 1n}`.length
  const files = inputs?.list?.kind === 'files' ? inputs.list.files : []
  // Two inputs of one path would be one output.
  const areUnique = new Set(files.map(({ path }) => path)).size === files.length
  return (index, output) => {
    const path = areUnique ? files[Number(index)]?.path : undefined
    return `outputs/${path ?? `${index}`.padStart(digits, '0')}${extensionOf(toText(output) !== undefined)}`
  }
}

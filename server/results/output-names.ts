import type { SplitList } from '../../protocol/program.ts'
import type { JobRow } from '../db/jobs.ts'

/** Whether bytes, or those that begin so, are text: UTF-8 without a NUL. */
export function isText(bytes: Uint8Array, isWhole = true): boolean {
  try {
    // What a head cuts in two is no fault of the text.
    return !new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole }).includes('\0')
  } catch {
    return false
  }
}

export const extensionOf = (bytes: Uint8Array, isWhole = true): string => (isText(bytes, isWhole) ? '.txt' : '.bin')

/**
 * Names the file of each accepted output: after its input file where every task has one, else after its index. The same
 * output always has the same name.
 *
 * @param list what the job's split has
 */
export function nameOutputs(
  { taskCount, selection }: Pick<JobRow, 'taskCount' | 'selection'>,
  list: SplitList | undefined,
): (index: bigint, output: Uint8Array) => string {
  const digits = `${taskCount - 1n}`.length
  const files = list?.kind === 'files' ? list.files : []
  // Two inputs of one path would be one output.
  const areUnique = new Set(files.map(({ path }) => path)).size === files.length
  return (index, output) => {
    const path = areUnique ? files[Number(selection === undefined ? index : selection[Number(index)])]?.path : undefined
    return `outputs/${path ?? `${index}`.padStart(digits, '0')}${extensionOf(output)}`
  }
}

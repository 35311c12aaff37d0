import { createApiClient } from '../../protocol/client.ts'
import { RefusedError } from '../../protocol/errors.ts'
import type { TaskId } from '../../protocol/ids.ts'
import { Receipt } from '../../protocol/tasks.ts'
import type { Compare } from './verify-results.ts'

/** Receipts that are asked for, unless all are wanted. */
const sampled = 100

/**
 * Compares outputs with the public receipts of their tasks: all of them, or a hundred from the first to the last.
 *
 * @throws {UnreachableError}
 */
export const compareReceipts =
  ({ serverUrl, isAll }: { readonly serverUrl: string; readonly isAll: boolean }): Compare =>
  async ({ files }, report) => {
    const api = createApiClient(serverUrl)

    async function compare(path: string, taskId: TaskId, digest: string): Promise<void> {
      try {
        const { verdict } = await api.get(`/api/tasks/${taskId}`, Receipt)
        if (verdict.state !== 'accepted')
          report.problem(`${path}: the receipt of task ${taskId} says ${verdict.state}.`)
        else if (verdict.digest !== digest)
          report.problem(`${path}: the receipt of task ${taskId} has another output, ${verdict.digest}.`)
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error
        report.problem(`${path}: the server has no receipt of task ${taskId}. ${error.message}`)
      }
    }

    const outputs = [...files].flatMap(([path, { taskId, digest }]) =>
      taskId === undefined ? [] : [{ path, taskId, digest }],
    )
    const step = isAll ? 1 : Math.max(1, Math.ceil(outputs.length / sampled))
    const chosen = outputs.filter((_, at) => at % step === 0)
    for (const { path, taskId, digest } of chosen) await compare(path, taskId, digest)
    report.note(`${chosen.length} of ${outputs.length} outputs were compared with their receipts at ${serverUrl}.`)
  }

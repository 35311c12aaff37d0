import type { TaskInput } from '../../protocol/program.ts'
import { taskInputOf } from '../../protocol/task-input.ts'
import { pieceBytes } from './piece-bytes.ts'
import type { Prepared } from './prepared.ts'

export interface TaskView {
  readonly input: TaskInput
  /** What it reads. */
  readonly piece: Uint8Array<ArrayBuffer>
}

/** Exactly what a task of an uploaded program gets, as its device will see it. */
export async function taskView(prepared: Extract<Prepared, { kind: 'upload' }>, index: bigint): Promise<TaskView> {
  const input = taskInputOf(prepared.parameters, prepared.list, index)
  return { input, piece: await pieceBytes(prepared.blobs, input.piece) }
}

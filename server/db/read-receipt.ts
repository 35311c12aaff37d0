import { foldTask } from '../domain/fold-log.ts'
import type { TaskState } from '../domain/task.ts'
import type { Queryable } from './database.ts'
import type { JobRow } from './jobs.ts'
import { readChunkVotes } from './read-chunk.ts'

/** What a task has come to, as its votes in the log say. A task that was never returned is a fresh one. */
export async function readReceipt(
  db: Queryable,
  { id, chunkSize, policy }: Pick<JobRow, 'id' | 'chunkSize' | 'policy'>,
  index: bigint,
): Promise<TaskState> {
  const offset = index % BigInt(chunkSize)
  return foldTask(await readChunkVotes(db, { jobId: id, lo: index - offset }, Number(offset)), policy)
}

import { type AcceptedOutput, acceptedOutput } from '../domain/accepted-output.ts'
import { type FoldedTask, foldLog } from '../domain/fold-log.ts'
import type { TaskState } from '../domain/task.ts'
import type { Queryable } from './database.ts'
import type { JobRow } from './jobs.ts'
import { readChunkVotes } from './read-chunk.ts'

export interface AcceptedTask extends AcceptedOutput {
  readonly index: bigint
}

const page = 100

/**
 * Accepted outputs of a job in the order of its tasks, chunk by chunk, so that a large job never sits in memory.
 *
 * @param concealOf what of the tasks of a chunk may be shown, given its first index
 */
export async function* readAccepted(
  db: Queryable,
  { id, policy }: Pick<JobRow, 'id' | 'policy'>,
  concealOf: (lo: bigint) => (folded: FoldedTask) => TaskState,
): AsyncGenerator<AcceptedTask> {
  for (let after = -1n; ; ) {
    const { rows } = await db.query<{ lo: bigint }>(
      'select lo from chunks where job_id = $1 and lo > $2 order by lo limit $3',
      [id, after, page],
    )
    for (const { lo } of rows) {
      const conceal = concealOf(lo)
      for (const folded of foldLog(await readChunkVotes(db, { jobId: id, lo }), policy)) {
        const accepted = acceptedOutput(conceal(folded))
        if (accepted !== undefined) yield { ...accepted, index: lo + BigInt(folded.offset) }
      }
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return
    after = last.lo
  }
}

import type { Queryable } from '../db/database.ts'
import type { JobRow } from '../db/jobs.ts'
import { listReruns, type RerunRow } from '../db/list-reruns.ts'
import { type AcceptedTask, type ConcealOf, type JudgedTask, readJudged } from '../db/read-judged.ts'

/** Which task of which job a verdict is of. */
export interface TaskPlace {
  readonly jobId: bigint
  readonly index: bigint
}

export type FilledTask = JudgedTask & {
  /** The task of a later job that ran it again, and whose verdict this is. */
  readonly rerunBy?: TaskPlace
}

/** Finds tasks in a rerun, asked for in their order, by the numbers that they have in the job that is nobody's rerun. */
function createCursor(db: Queryable, rerun: RerunRow, concealOf: ConcealOf) {
  const accepted = readJudged(db, rerun, concealOf, { state: 'accepted' })
  let here: AcceptedTask | undefined
  let isBegun = false

  async function advance(): Promise<void> {
    isBegun = true
    const next = await accepted.next()
    here = next.done ? undefined : next.value
  }
  const original = (): bigint | undefined => here && rerun.selection[Number(here.index)]

  return {
    async find(index: bigint): Promise<AcceptedTask | undefined> {
      if (!isBegun) await advance()
      for (let at = original(); at !== undefined && at < index; at = original()) await advance()
      return original() === index ? here : undefined
    },
    close: () => accepted.return(undefined),
  }
}

/**
 * Tasks of a job that have a verdict, in their order; where one failed or is disputed, what the latest job that ran it
 * again says.
 *
 * @param concealOf what of the tasks of a job may be shown
 */
export async function* readFilled(
  db: Queryable,
  job: JobRow,
  concealOf: (job: JobRow) => ConcealOf,
): AsyncGenerator<FilledTask> {
  const reruns = await listReruns(db, job.id)
  const cursors = reruns.map(rerun => ({ rerun, cursor: createCursor(db, rerun, concealOf(rerun)) }))
  try {
    for await (const judged of readJudged(db, job, concealOf(job)))
      yield judged.state === 'accepted' ? judged : await findAgain(judged)
  } finally {
    for (const { cursor } of cursors) await cursor.close()
  }

  async function findAgain(judged: JudgedTask): Promise<FilledTask> {
    const original = job.selection?.[Number(judged.index)] ?? judged.index
    for (const { rerun, cursor } of cursors) {
      const again = await cursor.find(original)
      if (again !== undefined)
        return { ...again, index: judged.index, rerunBy: { jobId: rerun.id, index: again.index } }
    }
    return judged
  }
}

import type { JobState } from '../../protocol/jobs.ts'
import type { Queryable } from './database.ts'

/** Moves a job from one of some states to another. @returns false where it was in none of them */
export async function changeJobState(
  db: Queryable,
  { id, from, to }: { id: bigint; from: readonly JobState[]; to: JobState },
): Promise<boolean> {
  const { rows } = await db.query('update jobs set state = $3 where id = $1 and state = any($2) returning id', [
    id,
    from,
    to,
  ])
  return rows.length > 0
}

import type { JobId } from '../protocol/ids.ts'
import type { Queryable } from './db/database.ts'
import { findJob, type JobRow } from './db/jobs.ts'
import { NotFoundError } from './errors.ts'

/** The job of that id. @throws {NotFoundError} */
export async function requireJob(db: Queryable, id: JobId): Promise<JobRow> {
  const job = await findJob(db, BigInt(id))
  if (job === undefined) throw new NotFoundError(`There is no job ${id}.`)
  return job
}

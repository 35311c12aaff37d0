import type { Queryable } from './database.ts'

export interface AcceptedRow {
  readonly index: bigint
  readonly digest: Buffer
  readonly output: Buffer
}

const page = 500

/** Accepted outputs of a job in the order of its tasks, page by page, so that a large job never sits in memory. */
export async function* readAccepted(db: Queryable, jobId: bigint): AsyncGenerator<AcceptedRow> {
  for (let after = -1n; ; ) {
    const { rows } = await db.query<AcceptedRow>(
      `select distinct on (v.index) v.index, v.digest, r.output
       from verdicts v join results r on r.job_id = v.job_id and r.index = v.index and r.digest = v.digest
       where v.job_id = $1 and v.index > $2 and v.state = 'accepted'
       order by v.index limit $3`,
      [jobId, after, page],
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return
    after = last.index
  }
}

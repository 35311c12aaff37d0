import type { Queryable } from './database.ts'
import type { TaskKey } from './record-verdicts.ts'

export interface VerdictRow {
  readonly state: 'accepted' | 'disputed' | 'failed'
  readonly digest: Buffer | null
  readonly reason: string | null
  readonly judgedAt: Date
}

export interface ReplicaRow {
  readonly accountId: bigint
  readonly elapsedMs: number
  readonly returnedAt: Date
  readonly digest: Buffer | null
  readonly failure: string | null
}

export interface ReceiptRows {
  readonly verdict: VerdictRow | undefined
  readonly replicas: readonly ReplicaRow[]
  /** Of an accepted task. */
  readonly output: Buffer | undefined
}

/** All that the log holds about one task. */
export async function readReceipt(db: Queryable, { jobId, index }: TaskKey): Promise<ReceiptRows> {
  const key = [jobId, index]
  const verdicts = await db.query<VerdictRow>(
    'select state, digest, reason, judged_at as "judgedAt" from verdicts where job_id = $1 and index = $2',
    key,
  )
  const replicas = await db.query<ReplicaRow>(
    `select account_id as "accountId", elapsed_ms as "elapsedMs", returned_at as "returnedAt", digest, failure
     from results where job_id = $1 and index = $2 order by replica`,
    key,
  )
  const outputs = await db.query<{ output: Buffer }>(
    `select r.output from results r join verdicts v using (job_id, index)
     where job_id = $1 and index = $2 and r.digest = v.digest limit 1`,
    key,
  )
  return { verdict: verdicts.rows[0], replicas: replicas.rows, output: outputs.rows[0]?.output }
}

import type { TaskLog } from '../domain/chunk.ts'
import type { Judgement } from '../domain/judge.ts'
import type { Vote } from '../domain/task.ts'
import type { Queryable } from './database.ts'

interface LogRow {
  index: bigint
  replica: number
  deviceId: bigint
  accountId: bigint
  network: bigint
  digest: Buffer | null
  failure: string | null
  state: 'accepted' | 'disputed' | 'failed' | null
  verdictDigest: Buffer | null
  reason: string | null
}

const ballotOf = ({ digest, failure }: LogRow): Vote['ballot'] =>
  digest === null ? { kind: 'failed', reason: failure ?? '' } : { kind: 'output', digest: digest.toString('hex') }

function recordedOf({ state, verdictDigest, reason }: LogRow): Judgement | undefined {
  if (state === 'accepted') return { state, digest: verdictDigest?.toString('hex') ?? '' }
  if (state === 'failed') return { state, reason: reason ?? '' }
  return state === 'disputed' ? { state } : undefined
}

/** The log of the tasks `lo <= index < hi`, in its order, with the verdicts that have been recorded. */
export async function readChunkLog(
  db: Queryable,
  { jobId, lo, hi }: { jobId: bigint; lo: bigint; hi: bigint },
): Promise<TaskLog[]> {
  const { rows } = await db.query<LogRow>(
    `select index, r.replica, r.device_id as "deviceId", r.account_id as "accountId", r.network, r.digest, r.failure,
       v.state, v.digest as "verdictDigest", v.reason
     from results r left join verdicts v using (job_id, index)
     where job_id = $1 and index >= $2 and index < $3
     order by index, r.replica`,
    [jobId, lo, hi],
  )
  const tasks = new Map<bigint, { votes: Vote[]; recorded: Judgement | undefined }>()
  for (const row of rows) {
    const task = tasks.get(row.index) ?? { votes: [], recorded: recordedOf(row) }
    const { replica, deviceId, accountId, network } = row
    task.votes.push({ replica, deviceId, accountId, network, ballot: ballotOf(row) })
    tasks.set(row.index, task)
  }
  return [...tasks].map(([index, { votes, recorded }]) =>
    recorded === undefined ? { index, votes } : { index, votes, recorded },
  )
}

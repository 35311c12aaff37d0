import type { Account, OwnResult } from '../protocol/account.ts'
import { toBase64Url } from '../protocol/bytes.ts'
import type { Digest } from '../protocol/digest.ts'
import { type AccountId, type JobId, taskId } from '../protocol/ids.ts'
import type { Job } from '../protocol/jobs.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import type { Network } from '../protocol/network.ts'
import type { Receipt, Replica, Verdict } from '../protocol/tasks.ts'
import { digestOf } from './blobs.ts'
import { microCreditsPerCredit } from './catalogue.ts'
import type { JobProgressRow, JobRow } from './db/jobs.ts'
import type { AccountTotalsRow, OwnResultRow } from './db/read-account.ts'
import type { NetworkRow } from './db/read-network.ts'
import type { ReceiptRows, ReplicaRow, VerdictRow } from './db/read-receipt.ts'

const credits = (microCredits: bigint): number => Number(microCredits) / microCreditsPerCredit
const hex = (digest: Buffer): Digest => digest.toString('hex') as Digest

type Counts = Pick<Job, 'accepted' | 'disputed' | 'failed'>

const counts = (progress: JobProgressRow | undefined): Counts => ({
  accepted: `${progress?.accepted ?? 0n}` as Counts['accepted'],
  disputed: `${progress?.disputed ?? 0n}` as Counts['disputed'],
  failed: `${progress?.failed ?? 0n}` as Counts['failed'],
})

export const toJob = (row: JobRow, progress: JobProgressRow | undefined): Job => ({
  id: `${row.id}` as JobId,
  kernelId: row.kernelId,
  kernelDigest: hex(row.kernelDigest),
  kernelBytes: row.kernelBytes,
  parameters: row.parameters,
  policy: row.policy,
  creditPerTask: credits(row.microCredits),
  tasks: `${row.taskCount}`,
  ...counts(progress),
  createdAt: row.createdAt.toISOString(),
})

/** Sums what all jobs say with what the network as a whole says. */
export function toNetwork(row: NetworkRow, jobs: readonly JobRow[], progress: readonly JobProgressRow[]): Network {
  const sum = (of: (job: JobProgressRow) => bigint) => `${progress.reduce((total, job) => total + of(job), 0n)}`
  return {
    activeDevices: row.activeDevices,
    devices: `${row.devices}`,
    returned: `${row.returned}`,
    accepted: sum(job => job.accepted),
    disputed: sum(job => job.disputed),
    failed: sum(job => job.failed),
    credit: credits(row.microCredits),
    jobs: jobs.map(job => ({
      id: `${job.id}` as JobId,
      tasks: `${job.taskCount}`,
      ...counts(progress.find(({ id }) => id === job.id)),
    })),
  }
}

function ownState({ state, agrees }: OwnResultRow): OwnResult['state'] {
  if (state === null) return 'returned'
  if (state === 'accepted') return agrees ? 'accepted' : 'rejected'
  return state
}

const toOwnResult = (row: OwnResultRow): OwnResult => ({
  taskId: taskId(`${row.jobId}` as JobId, row.index),
  jobId: `${row.jobId}` as JobId,
  kernelId: row.kernelId,
  returnedAt: row.returnedAt.toISOString(),
  elapsedMs: row.elapsedMs,
  state: ownState(row),
  credit: credits(row.microCredits),
  // Whether others have answered stays hidden until the task is judged.
  ...(row.judgedAt !== null && { judgedAt: row.judgedAt.toISOString(), others: Number(row.others) }),
})

export const toAccount = (
  accountId: bigint,
  totals: AccountTotalsRow,
  results: readonly OwnResultRow[],
  history: readonly { at: Date; microCredits: bigint }[],
): Account => ({
  accountId: `${accountId}` as AccountId,
  createdAt: totals.createdAt.toISOString(),
  devices: totals.devices,
  credit: credits(totals.microCredits),
  returned: `${totals.returned}`,
  accepted: `${totals.accepted}`,
  rejected: `${totals.rejected}`,
  waiting: `${totals.waiting}`,
  results: results.map(toOwnResult),
  creditHistory: history.map(({ at, microCredits }) => ({ at: at.toISOString(), credit: credits(microCredits) })),
})

function toVerdict(row: VerdictRow | undefined): Verdict {
  if (row === undefined) return { state: 'pending' }
  if (row.state === 'accepted') return { state: 'accepted', digest: hex(row.digest as Buffer) }
  return row.state === 'failed' ? { state: 'failed', reason: row.reason as string } : { state: 'disputed' }
}

function toReplica(row: ReplicaRow, verdict: Verdict, pseudonym: string): Replica {
  const base = { pseudonym, returnedAt: row.returnedAt.toISOString(), elapsedMs: row.elapsedMs }
  if (row.digest !== null) {
    const digest = hex(row.digest)
    return {
      ...base,
      result: { kind: 'output', digest, agrees: verdict.state === 'accepted' && verdict.digest === digest },
    }
  }
  const reason = row.failure as string
  return {
    ...base,
    result: { kind: 'failed', reason, agrees: verdict.state === 'failed' && verdict.reason === reason },
  }
}

export function toReceipt(input: {
  readonly job: JobRow
  readonly index: bigint
  readonly taskInput: Uint8Array
  readonly rows: ReceiptRows
  readonly pseudonym: (taskId: string, accountId: bigint) => string
}): Receipt {
  const { job, index, taskInput, rows } = input
  const id = taskId(`${job.id}` as JobId, index)
  const verdict = toVerdict(rows.verdict)
  return {
    taskId: id,
    jobId: `${job.id}` as JobId,
    index: `${index}`,
    kernelId: job.kernelId,
    kernelDigest: hex(job.kernelDigest),
    input: toBase64Url(taskInput),
    inputDigest: digestOf(taskInput),
    policy: job.policy,
    credit: credits(job.microCredits),
    memoryCapBytes: kernelLimits.memoryBytes,
    outputCapBytes: kernelLimits.outputBytes,
    verdict,
    ...(rows.verdict && { judgedAt: rows.verdict.judgedAt.toISOString() }),
    ...(rows.output && { output: toBase64Url(rows.output) }),
    returned: rows.replicas.length,
    replicas:
      rows.verdict === undefined
        ? []
        : rows.replicas.map(row => toReplica(row, verdict, input.pseudonym(id, row.accountId))),
  }
}

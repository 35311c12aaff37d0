import type { Account, KernelStanding, OwnResult } from '../protocol/account.ts'
import { toBase64Url } from '../protocol/bytes.ts'
import type { Digest } from '../protocol/digest.ts'
import { type AccountId, type JobId, type TaskId, taskId } from '../protocol/ids.ts'
import type { Job, JobDetail, Policy, Segment } from '../protocol/jobs.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import type { Network } from '../protocol/network.ts'
import type { Posting } from '../protocol/posting.ts'
import type { Receipt, Replica, SealedTask, Verdict } from '../protocol/tasks.ts'
import { digestOf } from './blobs/blob-store.ts'
import { microCreditsPerCredit } from './catalogue.ts'
import type { JobProgressRow, JobRow } from './db/jobs.ts'
import type { PostedTotals } from './db/post-job.ts'
import type { AccountTotalsRow, OwnResultRow, RecordRow } from './db/read-account.ts'
import type { JobBooks } from './db/read-job-books.ts'
import type { NetworkRow } from './db/read-network.ts'
import type { SegmentRow } from './db/segments.ts'
import { acceptedOutput } from './domain/accepted-output.ts'
import { mayLeaseFrom } from './domain/back-off.ts'
import { certaintyOf } from './domain/certainty.ts'
import { isEstablished, isOnProbation } from './domain/credibility.ts'
import { saysAccepted } from './domain/group-ballots.ts'
import { agrees } from './domain/judge.ts'
import { quotas } from './domain/quotas.ts'
import { outputsOf, type Standing, type TaskState, type Vote } from './domain/task.ts'
import type { Secrecy } from './secrecy.ts'

const credits = (microCredits: bigint): number => Number(microCredits) / microCreditsPerCredit
const toIso = (at: number): string => new Date(at).toISOString()
const hex = (digest: Buffer): Digest => digest.toString('hex') as Digest

type Counts = Pick<Job, 'accepted' | 'disputed' | 'failed'>

const counts = (progress: JobProgressRow | undefined): Counts => ({
  accepted: `${progress?.accepted ?? 0n}` as Counts['accepted'],
  disputed: `${progress?.disputed ?? 0n}` as Counts['disputed'],
  failed: `${progress?.failed ?? 0n}` as Counts['failed'],
})

export const toJob = (row: JobRow, progress: JobProgressRow | undefined): Job => ({
  id: `${row.id}` as JobId,
  ...(row.title !== undefined && { title: row.title }),
  ...(row.description !== undefined && { description: row.description }),
  ...(row.accountId !== undefined && { posterId: `${row.accountId}` as AccountId }),
  state: row.state,
  ...(row.rerunOf !== undefined && { rerunOf: `${row.rerunOf}` as JobId }),
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

export const toJobDetail = (
  row: JobRow,
  said: { readonly progress: JobProgressRow | undefined; readonly books: JobBooks; readonly summary: unknown },
): JobDetail => ({
  ...toJob(row, said.progress),
  summary: said.summary,
  spentCredits: credits(said.books.spent),
  ...(row.budget !== undefined && { budgetCredits: credits(row.budget) }),
  ...(row.deadline !== undefined && { deadline: row.deadline.toISOString() }),
  merge: row.merge,
  ...(row.merged !== undefined && { merged: row.merged }),
  reruns: said.books.reruns as JobId[],
})

export const toPosting = ({
  isOpen,
  totals,
  blobBytes,
  jobs,
}: {
  readonly isOpen: boolean
  readonly totals: PostedTotals
  readonly blobBytes: bigint
  readonly jobs: readonly bigint[]
}): Posting => ({
  sponsored: isOpen ? 'on' : 'off',
  openJobs: { used: totals.openJobs, most: quotas.openJobs },
  blobBytes: { used: Number(blobBytes), most: quotas.postingBlobBytes },
  credits: { used: credits(totals.budgets), most: quotas.postedCredits },
  jobs: jobs.map(id => `${id}` as JobId),
})

/** Sums what all jobs say with what the network as a whole says. */
export function toNetwork(
  row: NetworkRow,
  jobs: readonly Pick<JobRow, 'id' | 'taskCount'>[],
  progress: readonly JobProgressRow[],
): Network {
  const progressOf = new Map(progress.map(job => [job.id, job]))
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
      ...counts(progressOf.get(job.id)),
    })),
  }
}

/** Some accepted tasks seem pending for a while; so do one's own results of them. */
function isSecret({ jobId, index, state, judgedAt }: OwnResultRow, secrecy: Secrecy, now: number): boolean {
  if (judgedAt === undefined || (state !== 'accepted' && state !== 'rejected')) return false
  return secrecy.isProbeTask(BigInt(jobId), BigInt(index)) && now < secrecy.revealsAt(judgedAt)
}

function toOwnResult(row: OwnResultRow, isPending: boolean): OwnResult {
  const { kernelId, elapsedMs, state, judgedAt, others } = row
  const jobId = row.jobId as JobId
  const base = {
    taskId: taskId(jobId, BigInt(row.index)),
    jobId,
    kernelId,
    returnedAt: toIso(row.returnedAt),
    elapsedMs,
  }
  // Whether others have answered stays hidden until the task is judged.
  if (isPending || state === 'returned' || judgedAt === undefined) return { ...base, state: 'returned', credit: 0 }
  const credit = row.microCredits / microCreditsPerCredit
  return { ...base, state, credit, judgedAt: toIso(judgedAt), ...(others !== undefined && { others }) }
}

function toStanding(record: RecordRow, now: number): KernelStanding {
  const { kernelId, passed, strikes } = record
  const pausedUntil = mayLeaseFrom(record)
  return {
    kernelId,
    kernelDigest: hex(record.kernelDigest),
    level: isEstablished(record) ? 'established' : isOnProbation(record) ? 'probation' : 'known',
    passed,
    strikes,
    ...(pausedUntil > now && { pausedUntil: toIso(pausedUntil) }),
  }
}

export const toAccount = ({
  accountId,
  totals,
  results,
  history,
  records,
  secrecy,
  now,
}: {
  readonly accountId: bigint
  readonly totals: AccountTotalsRow
  readonly results: readonly OwnResultRow[]
  readonly history: readonly { at: Date; microCredits: bigint }[]
  readonly records: readonly RecordRow[]
  readonly secrecy: Secrecy
  readonly now: number
}): Account => ({
  accountId: `${accountId}` as AccountId,
  createdAt: totals.createdAt.toISOString(),
  devices: totals.devices,
  credit: credits(totals.microCredits),
  unvested: credits(totals.unvestedMicroCredits),
  forfeited: credits(totals.forfeitedMicroCredits),
  standing: records.map(record => toStanding(record, now)),
  returned: `${totals.returned}`,
  accepted: `${totals.accepted}`,
  rejected: `${totals.rejected}`,
  waiting: `${totals.waiting}`,
  results: results.map(row => toOwnResult(row, isSecret(row, secrecy, now))),
  creditHistory: history.map(({ at, microCredits }) => ({ at: at.toISOString(), credit: credits(microCredits) })),
})

function toVerdict({ judgement, votes }: TaskState, policy: Policy): Verdict {
  switch (judgement.state) {
    case 'accepted': {
      const digest = judgement.digest as Digest
      return { state: 'accepted', digest, certainty: certaintyOf(judgement, votes, policy) }
    }
    case 'failed':
      return { ...judgement, certainty: certaintyOf(judgement, votes, policy) }
    default:
      return judgement
  }
}

function toReplica(vote: Vote, standing: Standing, agrees: boolean, pseudonym: string): Replica {
  const { ballot, report, elapsedMs, credibility } = vote
  return {
    pseudonym,
    returnedAt: toIso(report.returnedAt),
    elapsedMs,
    result:
      ballot.kind === 'output'
        ? { kind: 'output', digest: ballot.digest as Digest, agrees }
        : { kind: 'failed', reason: ballot.reason, agrees },
    standing,
    credibility,
  }
}

/** Names an account inside one receipt. */
type Pseudonym = (taskId: string, accountId: bigint) => string

function toReplicas(id: TaskId, task: TaskState, policy: Policy, pseudonym: Pseudonym): Replica[] {
  const { judgement, votes, standings } = task
  if (judgement.state === 'pending') return []
  const { compare } = policy
  const outputs = outputsOf(votes, policy)
  const agreesWith = ({ ballot }: Vote): boolean => {
    if (judgement.state === 'accepted') return saysAccepted(ballot, judgement.digest, compare, outputs)
    return judgement.state === 'failed' && agrees(ballot, { kind: 'failed', reason: judgement.reason })
  }
  return votes.map((vote, place) =>
    toReplica(vote, standings[place] ?? 'waiting', agreesWith(vote), pseudonym(id, vote.report.accountId)),
  )
}

export function toReceipt(input: {
  readonly job: JobRow
  readonly index: bigint
  readonly taskInput: Uint8Array
  readonly task: TaskState
  readonly pseudonym: Pseudonym
}): Receipt {
  const { job, index, taskInput, task } = input
  const id = taskId(`${job.id}` as JobId, index)
  const accepted = acceptedOutput(task)
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
    verdict: toVerdict(task, job.policy),
    ...(task.judgedAt !== undefined && { judgedAt: toIso(task.judgedAt) }),
    ...(accepted && { output: toBase64Url(accepted.output) }),
    replicas: toReplicas(id, task, job.policy, input.pseudonym),
  }
}

/** @returns undefined for a task that was not accepted */
export function toSealedTask(
  job: JobRow,
  index: bigint,
  task: TaskState,
  pseudonym: Pseudonym,
): SealedTask | undefined {
  const accepted = acceptedOutput(task)
  const verdict = toVerdict(task, job.policy)
  if (accepted === undefined || verdict.state !== 'accepted') return undefined
  const id = taskId(`${job.id}` as JobId, index)
  return {
    taskId: id,
    digest: verdict.digest,
    output: toBase64Url(accepted.output),
    certainty: verdict.certainty,
    replicas: toReplicas(id, task, job.policy, pseudonym),
  }
}

export const toSegment = ({ lo, digest, bytes }: SegmentRow, { chunkSize, taskCount }: JobRow): Segment => {
  const hi = lo + BigInt(chunkSize)
  return { lo: `${lo}`, hi: `${hi < taskCount ? hi : taskCount}`, digest: hex(digest), bytes }
}

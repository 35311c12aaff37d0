import type { Digest } from '../../protocol/digest.ts'
import type { JobId } from '../../protocol/ids.ts'
import type { Merge } from '../../protocol/jobs.ts'
import { kernelLimits } from '../../protocol/kernel.ts'
import type { NewJob, TrialOutcome } from '../../protocol/posting.ts'
import { ProgramParameters } from '../../protocol/program.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { chunkSizeFor, microCreditsPerCredit, readBuiltKernel } from '../catalogue.ts'
import { renewBlobs } from '../db/blobs.ts'
import type { Database, Queryable } from '../db/database.ts'
import type { NewJobRow } from '../db/jobs.ts'
import { lockAccount } from '../db/lock-account.ts'
import { findJobOfTrial, insertPostedJob, readPostedTotals } from '../db/post-job.ts'
import { findTrial, type TrialRow } from '../db/trials.ts'
import { leastCost } from '../domain/job-cost.ts'
import { quotas } from '../domain/quotas.ts'
import {
  InvalidRequestError,
  JobStateError,
  NotFoundError,
  QuotaExceededError,
  TooManyRequestsError,
} from '../errors.ts'
import { builtInJobKernel, programJobKernel, readSplitList } from '../job-kernel.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Session } from '../tokens.ts'
import { checkPosted } from './check-posted.ts'
import { readModule } from './read-module.ts'

/** Outputs of a chunk travel and are sealed together: so much of them at a time. */
const chunkOutputBytes = 16 << 20
/** The wait for a sandbox included. */
const compileCapMs = 60_000

type Passed = Extract<TrialOutcome, { kind: 'passed' }>

/** A trial that passed, and the job that may be made of it. */
interface Draft {
  readonly row: NewJobRow
  /** Blobs that the job needs. */
  readonly digests: readonly Digest[]
}

function refuseUnfinished({ id, outcome }: TrialRow): Passed {
  if (outcome === undefined) throw new JobStateError(`The check ${id} still runs. Post when it is over.`)
  if (outcome.kind !== 'passed')
    throw new JobStateError(`The check ${id} did not pass. Mend what it found, and check again.`)
  return outcome
}

function refuseTerms({ policy, budgetCredits, deadline }: NewJob, trial: TrialRow, least: bigint, now: number): void {
  if (policy.minReplicas > policy.maxReplicas)
    throw new InvalidRequestError('policy.minReplicas: expected at most as many as maxReplicas.')
  if (JSON.stringify(policy.compare) !== JSON.stringify(trial.compare))
    throw new InvalidRequestError('policy.compare: expected what the check compared by. Check again with the new one.')
  if (deadline !== undefined && Date.parse(deadline) <= now)
    throw new InvalidRequestError('deadline: expected a time to come.')
  if (toMicro(budgetCredits) < least)
    throw new InvalidRequestError(
      `budgetCredits: expected at least ${Number(least) / microCreditsPerCredit}, for all tasks and ${policy.minReplicas} replicas of each.`,
    )
}

/** Rounded up: a budget that is shown must be enough. */
const toMicro = (credits: number): bigint => BigInt(Math.ceil(credits * microCreditsPerCredit))

/** Makes jobs of trials that passed. */
export function createPosting(input: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly sandbox: Sandbox
  readonly now: () => number
  readonly onPosted: () => Promise<void>
}) {
  const { database, blobs, sandbox, now, onPosted } = input

  async function refuseMerge(merge: Merge, accountId: bigint): Promise<Digest[]> {
    if (merge.kind !== 'kernel') return []
    const stored = await renewBlobs(database, accountId, [merge.digest], new Date(now()))
    if (stored.length === 0) throw new InvalidRequestError('merge.digest: the module is not stored. Send it first.')
    const module = await readModule(blobs, merge.digest)
    if (module.kind === 'refused') throw new InvalidRequestError(`merge.digest: ${module.reason}`)
    // No trial runs it, and a device that cannot compile what it is given takes itself for unable.
    const end = await sandbox.run(
      {
        isCompiledOnly: true,
        kernel: module.bytes,
        input: { kind: 'bytes', bytes: new Uint8Array() },
        memoryCapBytes: kernelLimits.memoryBytes,
        outputCapBytes: kernelLimits.outputBytes,
        timeCapMs: compileCapMs,
      },
      AbortSignal.timeout(compileCapMs),
    )
    if (end.kind === 'failed') throw new InvalidRequestError(`merge.digest: ${end.reason}`)
    if (end.kind === 'aborted')
      throw new TooManyRequestsError('The server checks as many programs as it can. Try again in a minute.', 60)
    return [merge.digest]
  }

  /** The kernel of a trial, its first summary, and the blobs that it needs. */
  async function openKernel(trial: TrialRow) {
    const posted = checkPosted(trial)
    const row = { ...posted, selection: undefined }
    if (trial.kernel.kind === 'builtIn') {
      const { digest, bytes } = await readBuiltKernel(trial.kernel.id)
      return { posted, digest, bytes: bytes.length, emptySummary: builtInJobKernel(row)?.emptySummary, digests: [] }
    }
    const { digest } = trial.kernel
    const parameters = ProgramParameters.parse(trial.parameters)
    const list = await readSplitList(blobs, parameters)
    const listed = list === undefined ? [] : list.kind === 'files' ? list.files : list.packs
    const { split, shared } = parameters
    const own = 'list' in split ? [digest, split.list] : [digest]
    return {
      posted,
      digest,
      bytes: (await blobs.size(digest)) ?? 0,
      emptySummary: programJobKernel(row, parameters, list).emptySummary,
      digests: [...own, ...shared.map(file => file.digest), ...listed.map(entry => entry.digest)],
    }
  }

  async function draft(accountId: bigint, job: NewJob, trial: TrialRow): Promise<Draft> {
    const { creditPerTask, samples } = refuseUnfinished(trial)
    const { posted, digest, bytes, emptySummary, digests } = await openKernel(trial)
    const microCredits = BigInt(Math.max(1, Math.round(creditPerTask * microCreditsPerCredit)))
    refuseTerms(job, trial, leastCost(posted.tasks, microCredits, job.policy), now())
    const mergeDigests = await refuseMerge(job.merge, accountId)
    const largest = Math.max(1, ...samples.map(({ outputBytes }) => outputBytes))
    const row: NewJobRow = {
      kernelId: posted.kernelId,
      kernelDigest: Buffer.from(digest, 'hex'),
      kernelBytes: bytes,
      parameters: posted.parameters,
      policy: job.policy,
      microCredits,
      taskCount: posted.tasks,
      chunkSize: Math.min(chunkSizeFor(creditPerTask), Math.max(1, Math.floor(chunkOutputBytes / largest))),
      weight: 1,
      createdAt: new Date(now()),
      emptySummary,
      accountId,
      title: job.title,
      description: job.description,
      budget: toMicro(job.budgetCredits),
      deadline: job.deadline === undefined ? undefined : new Date(job.deadline),
      merge: job.merge,
      merged: job.merge.kind === 'none' ? undefined : { state: 'waiting' },
      rerunOf: undefined,
      selection: undefined,
      trialId: trial.id,
    }
    return { row, digests: [...digests, ...mergeDigests] }
  }

  return {
    /**
     * Makes a trial a job. The same trial again gives the same job: whoever did not hear the answer may ask once more.
     *
     * @throws {NotFoundError} {@link JobStateError} {@link InvalidRequestError}
     * {@link QuotaExceededError} {@link TooManyRequestsError}
     */
    async post({ accountId }: Session, job: NewJob): Promise<JobId> {
      const trial = await findTrial(database, job.trial, accountId)
      if (trial === undefined)
        throw new NotFoundError(`You have no check ${job.trial}. Begin one with POST /api/trials.`)
      const { row, digests } = await draft(accountId, job, trial)
      const id = await database.transaction(async client => {
        await lockAccount(client, accountId)
        const earlier = await findJobOfTrial(client, trial.id)
        if (earlier !== undefined) return earlier
        await refuseQuota(client, accountId, row.budget ?? 0n)
        return insertPostedJob(client, row, digests)
      })
      if (id === undefined) throw new JobStateError('What the job needs is not stored any more. Check it once more.')
      await onPosted()
      return `${id}` as JobId
    },
  }
}

/** Within the transaction that holds the account. @throws {QuotaExceededError} */
export async function refuseQuota(client: Queryable, accountId: bigint, budget: bigint): Promise<void> {
  const { openJobs, budgets } = await readPostedTotals(client, accountId)
  if (openJobs >= quotas.openJobs)
    throw new QuotaExceededError({
      what: 'open jobs',
      used: `${openJobs}`,
      most: `${quotas.openJobs}`,
      advice: 'Cancel one, or wait until one is finished.',
    })
  const most = BigInt(quotas.postedCredits) * BigInt(microCreditsPerCredit)
  if (budgets + budget > most)
    throw new QuotaExceededError({
      what: 'budget credits of open jobs',
      used: `${Number(budgets) / microCreditsPerCredit}`,
      most: `${quotas.postedCredits}`,
      advice: 'Lower the budget, or cancel a job.',
    })
}

export type PostingDesk = ReturnType<typeof createPosting>

import type { JobId } from '../../protocol/ids.ts'
import type { JobState } from '../../protocol/jobs.ts'
import { changeJobState } from '../db/change-job-state.ts'
import type { Database } from '../db/database.ts'
import { findJob, insertJob, type JobRow } from '../db/jobs.ts'
import { listOpenReruns } from '../db/list-reruns.ts'
import { lockAccount } from '../db/lock-account.ts'
import { reopenMerge } from '../db/merges.ts'
import { copyJobBlobs } from '../db/post-job.ts'
import { type JudgedTask, readJudged, showAll } from '../db/read-judged.ts'
import { quotas } from '../domain/quotas.ts'
import { JobStateError, NotYoursError } from '../errors.ts'
import type { JobKernels } from '../job-kernel.ts'
import { requireJob } from '../require-job.ts'
import type { Session } from '../tokens.ts'
import { refuseQuota } from './post-job.ts'

/** What a poster may do with a job, from which states, and what it then is. */
const moves = {
  pause: { from: ['active', 'outOfBudget'], to: 'paused' },
  resume: { from: ['paused'], to: 'active' },
  cancel: { from: ['active', 'paused', 'outOfBudget', 'overdue'], to: 'canceled' },
} as const satisfies Record<string, { from: readonly JobState[]; to: JobState }>

export const jobMoves = ['pause', 'resume', 'cancel'] as const
export type JobMove = (typeof jobMoves)[number]

/** Tasks that failed or are disputed, in their order. */
async function listUnaccepted(database: Database, job: JobRow): Promise<bigint[]> {
  const indexes: bigint[] = []
  for (const state of ['failed', 'disputed'] as const satisfies readonly JudgedTask['state'][])
    for await (const { index } of readJudged(database, job, showAll, { state })) {
      if (indexes.length === quotas.rerunTasks) break
      indexes.push(index)
    }
  return indexes.sort((one, other) => Number(one - other))
}

/** What the poster of a job may do with it. */
export function createJobControl(input: {
  readonly database: Database
  readonly jobKernels: JobKernels
  readonly now: () => number
  readonly onChanged: () => Promise<void>
}) {
  const { database, jobKernels, now, onChanged } = input

  async function findOwn({ accountId }: Session, id: JobId): Promise<JobRow> {
    const job = await requireJob(database, id)
    if (job.accountId !== accountId) throw new NotYoursError(`Job ${id} was posted by another account.`)
    return job
  }

  return {
    /** @throws {NotFoundError} {@link NotYoursError} {@link JobStateError} */
    async move(session: Session, id: JobId, move: JobMove): Promise<void> {
      const job = await findOwn(session, id)
      const { from, to } = moves[move]
      if (job.state === to) return
      if (!(await changeJobState(database, { id: job.id, from, to }))) {
        const { state } = (await findJob(database, job.id)) ?? job
        throw new JobStateError(`Job ${id} is ${state}: there is nothing to ${move}.`)
      }
      await onChanged()
    },

    /**
     * Posts a job of the tasks that failed or are disputed.
     *
     * @throws {NotFoundError} {@link NotYoursError} {@link JobStateError} {@link QuotaExceededError}
     */
    async rerun(session: Session, id: JobId): Promise<JobId> {
      const job = await findOwn(session, id)
      if (job.state !== 'finished' && job.state !== 'canceled')
        throw new JobStateError(`Job ${id} is ${job.state}. Its failed tasks may run again when it is over.`)
      const failed = await listUnaccepted(database, job)
      const kernel = await jobKernels.of(job)
      if (failed.length === 0 || kernel === undefined) throw new JobStateError(`Job ${id} has no failed task.`)
      const budget = BigInt(failed.length) * job.microCredits * BigInt(job.policy.maxReplicas)
      const rerun = await database.transaction(async client => {
        await lockAccount(client, session.accountId)
        const [open] = await listOpenReruns(client, job.id)
        if (open !== undefined)
          throw new JobStateError(`Failed tasks of job ${id} run again already, as job ${open}. Wait until it is over.`)
        await refuseQuota(client, session.accountId, budget)
        const created = await insertJob(client, {
          ...job,
          taskCount: BigInt(failed.length),
          createdAt: new Date(now()),
          emptySummary: kernel.emptySummary,
          budget,
          deadline: undefined,
          merge: { kind: 'none' },
          merged: undefined,
          rerunOf: job.id,
          selection: failed.map(index => job.selection?.[Number(index)] ?? index),
          trialId: undefined,
        })
        await copyJobBlobs(client, job.id, created)
        await reopenMerge(client, job.id)
        return created
      })
      await onChanged()
      return `${rerun}` as JobId
    },
  }
}

export type JobControl = ReturnType<typeof createJobControl>

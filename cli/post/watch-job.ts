import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../../protocol/client.ts'
import { RefusedError, UnreachableError } from '../../protocol/errors.ts'
import type { JobId } from '../../protocol/ids.ts'
import { JobDetail } from '../../protocol/jobs.ts'
import { retryDelayMs } from '../../workers/retry-delay.ts'
import { formatCredits } from './cost.ts'
import { progressBar } from './screen.ts'

const askEveryMs = 1000

const judgedOf = ({ accepted, disputed, failed }: JobDetail): number =>
  Number(accepted) + Number(disputed) + Number(failed)

/** One line of where a job stands. */
export function jobLine(job: JobDetail): string {
  const parts = [`${job.accepted} of ${job.tasks} tasks accepted`]
  if (job.failed !== '0') parts.push(`${job.failed} failed`)
  if (job.disputed !== '0') parts.push(`${job.disputed} disputed`)
  parts.push(`${formatCredits(job.spentCredits)} credits`)
  if (job.state === 'paused') parts.push('paused')
  if (job.state === 'finished') parts.push(hasCome(job) ? 'finished' : 'the outputs are being merged')
  return `${progressBar(judgedOf(job), Number(job.tasks))} ${parts.join(', ')}`
}

/** Whether nothing of a job will change by itself any more. */
export function hasCome({ state, merged }: JobDetail): boolean {
  if (state === 'finished') return merged?.state !== 'waiting' && merged?.state !== 'running'
  return state !== 'active' && state !== 'paused'
}

export type JobEnd =
  | { readonly kind: 'whole' }
  /** `sentence` says why not all of it is there, and what can be done. */
  | { readonly kind: 'partial'; readonly sentence: string }

export function endOf({ state, merged, failed, disputed }: JobDetail): JobEnd {
  if (state === 'outOfBudget')
    return partial('The budget of the job is spent. Its page lets you post the rest with another budget.')
  if (state === 'overdue') return partial('The deadline of the job has passed before all of its tasks were judged.')
  if (state === 'canceled') return partial('The job was canceled.')
  if (merged?.state === 'failed')
    return partial(`All tasks are judged, but the outputs cannot be merged: ${merged.reason}`)
  if (failed === '0' && disputed === '0') return { kind: 'whole' }
  return partial(
    `All tasks are judged; ${failed} failed and ${disputed} are disputed. The page of the job says why, and runs them again if you like.`,
  )
}

const partial = (sentence: string): JobEnd => ({ kind: 'partial', sentence })

export interface WatchOptions {
  readonly api: ApiClient
  readonly signal: AbortSignal
  readonly show: (line: string) => void
}

/** Follows a job until it has come to its end; a server that is away for a while is waited for. */
export async function watchJob(id: JobId, { api, signal, show }: WatchOptions): Promise<JobDetail> {
  for (let failures = 0; ; ) {
    try {
      const job = await api.get(`/api/jobs/${id}`, JobDetail, { signal })
      failures = 0
      show(jobLine(job))
      if (hasCome(job)) return job
      await sleep(askEveryMs, undefined, { signal })
    } catch (error) {
      if (!canPass(error)) throw error
      show(`${error.message} It is asked again in a moment.`)
      await sleep(retryDelayMs(failures++, Math.random()), undefined, { signal })
    }
  }
}

const canPass = (error: unknown): error is UnreachableError | RefusedError =>
  error instanceof UnreachableError || (error instanceof RefusedError && error.problem.status >= 500)

import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../../protocol/client.ts'
import { TidemillError } from '../../protocol/errors.ts'
import { type NewTrial, Trial, type TrialId, type TrialOutcome } from '../../protocol/posting.ts'
import { refusalOf } from './describe-trial.ts'

const askEveryMs = 300

/** The server has tried the job, and will not take it. */
export class TrialFailedError extends TidemillError {
  override readonly name = 'TrialFailedError'
}

export interface PassedTrial {
  readonly id: TrialId
  readonly tasks: bigint
  readonly outcome: Extract<TrialOutcome, { kind: 'passed' }>
}

export interface TryOptions {
  readonly api: ApiClient
  /** A session's token that still lasts. */
  readonly token: () => Promise<string>
  readonly signal: AbortSignal
  readonly onProgress: (done: number, of: number) => void
}

/**
 * Has the server run a few tasks of a job, each twice.
 *
 * @throws {TrialFailedError} where they failed, differed, or were refused, with what to change
 */
export async function tryJob(trial: NewTrial, { api, token, signal, onProgress }: TryOptions): Promise<PassedTrial> {
  let { id, tasks, outcome, progress } = await api.post('/api/trials', trial, Trial, { token: await token(), signal })
  while (outcome === undefined) {
    onProgress(progress.done, progress.of)
    await sleep(askEveryMs, undefined, { signal })
    ;({ tasks, outcome, progress } = await api.get(`/api/trials/${id}`, Trial, { token: await token(), signal }))
  }
  if (outcome.kind !== 'passed') throw new TrialFailedError(refusalOf(outcome))
  return { id, tasks: BigInt(tasks), outcome }
}

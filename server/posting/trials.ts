import { randomUUID } from 'node:crypto'
import type { Digest } from '../../protocol/digest.ts'
import type { NewTrial, Trial, TrialId, TrialOutcome } from '../../protocol/posting.ts'
import { ProgramParameters } from '../../protocol/program.ts'
import { resolveInput } from '../../workers/resolve-input.ts'
import type { BlobStore } from '../blobs/blob-store.ts'
import { readBuiltKernel } from '../catalogue.ts'
import { renewBlobs } from '../db/blobs.ts'
import { type Database, isRetryable } from '../db/database.ts'
import { countTrials, findTrial, finishTrial, insertTrial, touchTrials } from '../db/trials.ts'
import { quotas } from '../domain/quotas.ts'
import { NotFoundError, TooManyRequestsError } from '../errors.ts'
import { builtInJobKernel, type JobKernel, programJobKernel } from '../job-kernel.ts'
import type { Logger } from '../logger.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Session } from '../tokens.ts'
import { checkPosted, type Posted } from './check-posted.ts'
import { examineProgram } from './examine-program.ts'
import { measureCreditPerSecond } from './measure-credit.ts'
import { runsOf, runTrial, serverStopped } from './run-trial.ts'
import { createTurns } from './turns.ts'

const hourMs = 60 * 60_000
/** A trial that its server has not said a word of for so long has died with it. */
const lostAfterMs = 30_000
const touchEveryMs = 3000
const lost: TrialOutcome = { kind: 'refused', reason: 'The server that ran the check is gone. Run the check again.' }

/** As many as the sandbox runs. Each holds the inputs of its tasks, which may be half a gigabyte; those that wait hold none. */
const trialsUnderWay = 2

/** A trial under way on this server. */
interface Running {
  readonly accountId: bigint
  done: number
}

/** Tries programs in the sandbox before a job is made of them. */
export function createTrials(input: {
  readonly database: Database
  readonly blobs: BlobStore
  readonly sandbox: Sandbox
  /** The most that one run may take, in milliseconds. */
  readonly timeCapMs: number
  readonly now: () => number
  readonly log: Logger
}) {
  const { database, blobs, sandbox, timeCapMs, now, log } = input
  const running = new Map<string, Running>()
  const stopping = new AbortController()
  const ends = new Set<Promise<void>>()
  const inTurn = createTurns(trialsUnderWay)
  const timer = setInterval(touch, touchEveryMs)

  /** Whoever asks another server hears that these are under way. */
  function touch(): void {
    if (running.size === 0) return
    const trials = [...running].map(([id, { done }]) => ({ id, done }))
    touchTrials(database, trials, new Date(now())).catch((error: unknown) => {
      if (!isRetryable(error)) log.error('Trials could not be marked as running', { error })
    })
  }

  function refuseMoreAtOnce(accountId: bigint): void {
    const own = [...running.values()].filter(trial => trial.accountId === accountId).length
    if (own >= quotas.trialsAtOnce)
      throw new TooManyRequestsError(`${own} checks of yours are running. Wait until one of them is over.`)
    if (running.size >= quotas.trialsWaiting)
      throw new TooManyRequestsError('The server checks as many programs as it can. Try again in a minute.', 60)
  }

  async function refuseMoreInHour(accountId: bigint): Promise<void> {
    if ((await countTrials(database, accountId, new Date(now() - hourMs))) >= quotas.trialsPerHour)
      throw new TooManyRequestsError(`An account may have ${quotas.trialsPerHour} checks in an hour.`, hourMs / 1000)
  }

  /** The bytes to run and what makes its inputs, or why nothing is run. */
  async function open(
    accountId: bigint,
    { kernel }: NewTrial,
    posted: Posted,
  ): Promise<
    { kind: 'fit'; bytes: Uint8Array<ArrayBuffer>; jobKernel: JobKernel } | Extract<TrialOutcome, { kind: 'refused' }>
  > {
    const row = { ...posted, selection: undefined }
    if (kernel.kind === 'builtIn') {
      const { bytes } = await readBuiltKernel(kernel.id)
      return { kind: 'fit', bytes, jobKernel: builtInJobKernel(row) as JobKernel }
    }
    const parameters = ProgramParameters.parse(posted.parameters)
    const examined = await examineProgram({
      blobs,
      digest: kernel.digest,
      parameters,
      keep: digests => renewBlobs(database, accountId, digests, new Date(now())),
    })
    if (examined.kind === 'refused') return examined
    return { kind: 'fit', bytes: examined.kernel, jobKernel: programJobKernel(row, parameters, examined.list) }
  }

  async function run(trial: NewTrial, posted: Posted, state: Running): Promise<TrialOutcome> {
    if (stopping.signal.aborted) return serverStopped
    const opened = await open(state.accountId, trial, posted)
    if (opened.kind === 'refused') return opened
    const { bytes, jobKernel } = opened
    const outcome = await runTrial(
      {
        sandbox,
        kernel: bytes,
        tasks: posted.tasks,
        compare: trial.compare,
        creditPerSecond:
          posted.creditPerTask === undefined ? await measureCreditPerSecond(sandbox, stopping.signal) : 1,
        timeCapMs,
        inputOf: index => resolveInput(posted.kernelId, jobKernel.encodeInput(index), { load }),
        onRun: () => state.done++,
      },
      stopping.signal,
    )
    return outcome.kind === 'passed' && posted.creditPerTask !== undefined
      ? { ...outcome, creditPerTask: posted.creditPerTask }
      : outcome
  }

  async function conduct(id: string, trial: NewTrial, posted: Posted, state: Running): Promise<void> {
    try {
      const outcome = await inTurn(() => run(trial, posted, state))
      await finishTrial(database, id, outcome)
    } catch (error) {
      log.error('A trial could not be carried out', { id, error })
      const reason = 'The server could not carry out the check; its log has the details. Try again.'
      await finishTrial(database, id, { kind: 'refused', reason }).catch(() => {
        // The database is away: whoever asks hears after a while that the trial is lost.
      })
    } finally {
      running.delete(id)
    }
  }

  const toTrial = (trial: NewTrial & { id: string; tasks: string; done: number }, outcome?: TrialOutcome): Trial => {
    const of = runsOf(BigInt(trial.tasks))
    const done = outcome === undefined ? (running.get(trial.id)?.done ?? trial.done) : of
    const { kernel, parameters, compare, tasks } = trial
    return {
      id: trial.id as TrialId,
      kernel,
      parameters,
      compare,
      tasks,
      progress: { done, of },
      ...(outcome && { outcome }),
    }
  }

  async function load(digest: Digest): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await blobs.get(digest)
    if (bytes === undefined) throw new Error(`The blob ${digest} has gone while a trial needed it.`)
    return new Uint8Array(bytes)
  }

  return {
    /**
     * Begins a trial.
     *
     * @throws {InvalidRequestError} {@link TooManyRequestsError}
     */
    async begin({ accountId }: Session, trial: NewTrial): Promise<Trial> {
      const posted = checkPosted(trial)
      refuseMoreAtOnce(accountId)
      const id = randomUUID()
      const state: Running = { accountId, done: 0 }
      // Before anything is waited for: what comes at the same moment counts it.
      running.set(id, state)
      const row = { ...trial, parameters: posted.parameters, tasks: `${posted.tasks}` }
      try {
        await refuseMoreInHour(accountId)
        await insertTrial(database, { ...row, id, accountId, seenAt: new Date(now()) })
      } catch (error) {
        running.delete(id)
        throw error
      }
      const end = conduct(id, trial, posted, state).finally(() => ends.delete(end))
      ends.add(end)
      return toTrial({ ...row, id, done: 0 })
    },

    /** @throws {NotFoundError} where the account has none of that id */
    async get({ accountId }: Session, id: TrialId): Promise<Trial> {
      const trial = await findTrial(database, id, accountId)
      if (trial === undefined) throw new NotFoundError(`You have no check ${id}.`)
      const isLost = !running.has(id) && trial.seenAt.getTime() < now() - lostAfterMs
      return toTrial(trial, trial.outcome ?? (isLost ? lost : undefined))
    },

    async stop(): Promise<void> {
      clearInterval(timer)
      stopping.abort()
      await Promise.all(ends)
    },
  }
}

export type Trials = ReturnType<typeof createTrials>

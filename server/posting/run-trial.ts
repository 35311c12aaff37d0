import { toBase64Url } from '../../protocol/bytes.ts'
import type { Compare } from '../../protocol/jobs.ts'
import { kernelLimits } from '../../protocol/kernel.ts'
import type { TrialOutcome, TrialSample } from '../../protocol/posting.ts'
import { failureReasons } from '../../workers/failure-reasons.ts'
import type { ResolvedInput } from '../../workers/resolve-input.ts'
import { digestOf } from '../blobs/blob-store.ts'
import { microCreditsPerCredit } from '../catalogue.ts'
import { outputDistance } from '../domain/cluster-outputs.ts'
import type { Sandbox, SandboxOutcome } from '../sandbox/sandbox.ts'

/** How the two runs of a sample step: as devices do, and in small steps of one size. Where steps fall must not matter. */
const stepBudgets = [undefined, 1009] as const
/** Of an output or a log, as a person looks at them. */
const head = { outputBytes: 4096, logCharacters: 4096, differenceBytes: 32 }
/** A task of no work at all still earns something, and a job of such tasks still costs something. */
const leastCredit = 1e-6

export const serverStopped: TrialOutcome = {
  kind: 'refused',
  reason: 'The server was stopped meanwhile. Run the check again.',
}

export interface TrialRun {
  readonly sandbox: Sandbox
  readonly kernel: Uint8Array<ArrayBuffer>
  readonly tasks: bigint
  readonly compare: Compare
  /** Credit that a second of this machine is worth now. */
  readonly creditPerSecond: number
  /** The most that one run may take, in milliseconds. */
  readonly timeCapMs: number
  inputOf(index: bigint): Promise<ResolvedInput>
  onRun(): void
}

/** First, middle and last task. */
export const sampleIndexes = (tasks: bigint): bigint[] => [...new Set([0n, tasks / 2n, tasks - 1n])]

/** How many runs a trial has, if none fails. */
export const runsOf = (tasks: bigint): number => sampleIndexes(tasks).length * stepBudgets.length

/** Time is a matter of the check, not of the program: a poster who cuts the job finer gets it through. */
const reasonOf = ({ reason }: Extract<SandboxOutcome, { kind: 'failed' }>, timeCapMs: number): string =>
  reason === failureReasons.tookTooLong
    ? `${reason} The check gives a task ${timeCapMs / 1000} seconds: cut the job into smaller tasks.`
    : reason

type Done = Extract<SandboxOutcome, { kind: 'done' }>

function toSample(index: bigint, { output, log, elapsedMs, memoryBytes }: Done): TrialSample {
  return {
    index: `${index}`,
    outputDigest: digestOf(output),
    outputBytes: output.length,
    outputHead: toBase64Url(output.subarray(0, head.outputBytes)),
    log: log.slice(0, head.logCharacters),
    elapsedMs,
    memoryBytes,
  }
}

/** Where two outputs differ first: the length of the shorter, where it is the beginning of the other. */
function firstDifference(one: Uint8Array, other: Uint8Array): number {
  let at = 0
  while (at < one.length && at < other.length && one[at] === other[at]) at++
  return at
}

const isSame = (one: Uint8Array, other: Uint8Array, compare: Compare): boolean =>
  compare.kind === 'tolerance'
    ? outputDistance(one, other, compare) <= 1
    : one.length === other.length && firstDifference(one, other) === one.length

/** Runs a few tasks, each twice, and says whether a job may be made of them. */
export async function runTrial(trial: TrialRun, signal: AbortSignal): Promise<TrialOutcome> {
  const { sandbox, kernel, tasks, compare, creditPerSecond, timeCapMs, inputOf, onRun } = trial
  const samples: TrialSample[] = []
  let elapsedMs = 0

  for (const index of sampleIndexes(tasks)) {
    const resolved = await inputOf(index)
    if (resolved.kind === 'unable') return { kind: 'refused', reason: resolved.reason }
    const { input } = resolved
    const outputs: Uint8Array[] = []
    for (const stepBudget of stepBudgets) {
      const { memoryBytes: memoryCapBytes, outputBytes: outputCapBytes } = kernelLimits
      const end = await sandbox.run(
        { kernel, input, memoryCapBytes, outputCapBytes, timeCapMs, ...(stepBudget !== undefined && { stepBudget }) },
        signal,
      )
      onRun()
      if (end.kind === 'aborted') return serverStopped
      if (end.kind === 'failed') {
        const log = end.log.slice(0, head.logCharacters)
        return { kind: 'failed', index: `${index}`, reason: reasonOf(end, timeCapMs), log, samples }
      }
      if (outputs.length === 0) samples.push(toSample(index, end))
      outputs.push(end.output)
      elapsedMs += end.elapsedMs
    }
    const [one, other] = outputs as [Uint8Array, Uint8Array]
    if (!isSame(one, other, compare)) {
      const at = firstDifference(one, other)
      const from = Math.max(0, at - head.differenceBytes / 2)
      const around = (output: Uint8Array) => toBase64Url(output.subarray(from, from + head.differenceBytes))
      return {
        kind: 'different',
        index: `${index}`,
        firstDifference: at,
        one: around(one),
        other: around(other),
        samples,
      }
    }
  }
  const seconds = elapsedMs / 1000 / (samples.length * stepBudgets.length)
  const measured = Number((seconds * creditPerSecond).toPrecision(3))
  // In whole millionths, as the job will have it: what is reckoned with it before must be true after.
  const creditPerTask = Math.max(leastCredit, Math.round(measured * microCreditsPerCredit) / microCreditsPerCredit)
  return { kind: 'passed', creditPerTask, samples }
}

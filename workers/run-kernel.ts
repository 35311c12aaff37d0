import type { RunInput } from '../protocol/run-input.ts'
import type { RunOutcome } from '../protocol/volunteer.ts'
import type { CompiledKernel } from './compile-kernel.ts'
import { oweRest, payRest, restDueMs } from './duty-cycle.ts'
import { failureReasons } from './failure-reasons.ts'
import { DeviceFailure, KernelFailure } from './kernel-failure.ts'
import { createReactor, type Reactor } from './reactor.ts'
import { nextBudget } from './step-budget.ts'
import { runCommand } from './wasi-command.ts'

const progressEveryMs = 250
const checkpointEveryMs = 3000
const yieldEveryMs = 10

/** Where a run stood: the kernel's own bytes, and what the host must know to go on counting. */
export interface Checkpoint {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly progress: number
  readonly elapsedMs: number
}

export interface KernelTask {
  readonly kernel: CompiledKernel
  readonly input: RunInput
  readonly memoryCapBytes: number
  readonly outputCapBytes: number
  /** How long a WASI command may compute: it has no steps to be watched by, so the pool ends it. */
  readonly timeCapMs: number
  /** Budget of every step of a reactor, to choose where its steps fall; absent: as much as takes about 15 ms. */
  readonly stepBudget?: number | undefined
  /** Where to go on; a kernel that refuses it starts from the beginning. */
  readonly checkpoint?: Checkpoint | undefined
}

export interface RunProgress {
  readonly progress: number
  readonly elapsedMs: number
  readonly resumedAt?: number
}

/** A run's end, as those see it who may pause it. `unable` is the device's failure, never the kernel's. */
export type RunEnd =
  | RunOutcome
  | { readonly kind: 'paused'; readonly checkpoint?: Checkpoint }
  | { readonly kind: 'unable'; readonly reason: string }

/** What its holder may change while a kernel runs; looked at between steps. */
export interface RunControl {
  cpuPercent: number
  isPauseWanted: boolean
}

/** What a run needs of its thread. */
export interface RunHost {
  now(): number
  /** Lets messages in, also for 0 ms. */
  sleep(ms: number): Promise<void>
  onProgress(progress: RunProgress): void
  onCheckpoint(checkpoint: Checkpoint): void
}

/**
 * Runs one task to its end. A reactor goes in steps of about 15 ms, between which it rests by its CPU limit, reports
 * progress at most 4 times a second, also while it rests, takes a checkpoint every 3 seconds and looks at `control`. A
 * WASI command goes in one call and rests after it: once begun, it is done before a pause. Every ending is a value.
 */
export async function runKernel(task: KernelTask, control: RunControl, host: RunHost): Promise<RunEnd> {
  const { input, kernel } = task
  const failed = (reason: string): RunEnd => ({ kind: 'failed', reason, elapsedMs: 0, log: '' })
  if (kernel.memoryMaximumBytes > task.memoryCapBytes)
    return failed(failureReasons.memoryTooLarge(kernel.memoryMaximumBytes, task.memoryCapBytes))
  if ((input.kind === 'command') !== (kernel.program === 'wasi'))
    return failed(failureReasons.wrongInput(kernel.program))
  const meter = createMeter(control, host)
  try {
    return input.kind === 'bytes'
      ? await steps(task, input.bytes, { control, host, meter })
      : await command(task, input, { control, host, meter })
  } catch (error) {
    if (error instanceof DeviceFailure) return { kind: 'unable', reason: error.message }
    if (!(error instanceof KernelFailure)) throw error
    return { kind: 'failed', reason: error.message, elapsedMs: meter.elapsedMs, log: '' }
  }
}

/** Counts the time inside the kernel, and the rest that is owed for it. */
function createMeter(control: RunControl, host: RunHost) {
  let debtMs = 0
  let enteredAt: number | undefined
  let yieldedAt = host.now()
  const meter = {
    elapsedMs: 0,
    /** As {@link elapsedMs}, but from inside of what is measured. */
    elapsedMsAt: (now: number): number => meter.elapsedMs + (enteredAt === undefined ? 0 : now - enteredAt),
    measure<T>(work: () => T): T {
      const beganAt = host.now()
      enteredAt = beganAt
      try {
        return work()
      } finally {
        enteredAt = undefined
        const tookMs = host.now() - beganAt
        meter.elapsedMs += tookMs
        debtMs = oweRest(debtMs, tookMs, control.cpuPercent)
      }
    },
    /** One slice of what is owed. @returns whether more is */
    async rest(): Promise<boolean> {
      const beganAt = host.now()
      const restMs = restDueMs(debtMs)
      if (restMs === 0 && beganAt - yieldedAt < yieldEveryMs) return false
      await host.sleep(restMs)
      yieldedAt = host.now()
      debtMs = payRest(debtMs, yieldedAt - beganAt)
      return restDueMs(debtMs) > 0
    },
  }
  return meter
}

type Meter = ReturnType<typeof createMeter>

interface Surroundings {
  readonly control: RunControl
  readonly host: RunHost
  readonly meter: Meter
}

type CommandInput = Extract<RunInput, { kind: 'command' }>

async function command(task: KernelTask, input: CommandInput, { control, host, meter }: Surroundings): Promise<RunEnd> {
  if (control.isPauseWanted) return { kind: 'paused' }
  let progress = 0
  let progressAt = Number.NEGATIVE_INFINITY

  function tell(now: number): void {
    if (now - progressAt < progressEveryMs) return
    progressAt = now
    host.onProgress({ progress, elapsedMs: meter.elapsedMsAt(now) })
  }

  const { module } = task.kernel
  const { outputCapBytes } = task
  const onProgress = (told: number) => {
    progress = Math.max(progress, told)
    tell(host.now())
  }
  const end = meter.measure(() => runCommand(module, input, { outputCapBytes, onProgress }))
  while ((await meter.rest()) && !control.isPauseWanted) tell(host.now())
  return { ...end, elapsedMs: meter.elapsedMs }
}

function open(task: KernelTask, input: Uint8Array, meter: Meter): { reactor: Reactor; resumedAt?: number } {
  const { kernel, checkpoint } = task
  if (checkpoint) {
    const reactor = meter.measure(() => createReactor(kernel.module))
    if (meter.measure(() => reactor.restore(checkpoint.bytes))) {
      meter.elapsedMs += checkpoint.elapsedMs
      return { reactor, resumedAt: checkpoint.progress }
    }
  }
  // A refused checkpoint may have left traces, so the kernel begins again in an instance of its own.
  const reactor = meter.measure(() => createReactor(kernel.module))
  meter.measure(() => reactor.start(input))
  return { reactor }
}

async function steps(task: KernelTask, input: Uint8Array, { control, host, meter }: Surroundings): Promise<RunEnd> {
  const { reactor, resumedAt } = open(task, input, meter)
  let budget = task.stepBudget ?? 1
  let progress = resumedAt ?? 0
  let progressAt = Number.NEGATIVE_INFINITY
  let checkpointAt = host.now()

  function look(): void {
    const told = reactor.progress()
    if (told > progress) progress = Math.min(1, told)
  }

  function save(): Checkpoint | undefined {
    const bytes = meter.measure(() => reactor.save())
    look()
    return bytes && { bytes, progress, elapsedMs: meter.elapsedMs }
  }

  function tell(now: number): void {
    if (now - progressAt < progressEveryMs) return
    look()
    progressAt = now
    host.onProgress({ progress, elapsedMs: meter.elapsedMs, ...(resumedAt === undefined ? {} : { resumedAt }) })
  }

  async function rest(): Promise<void> {
    while ((await meter.rest()) && !control.isPauseWanted) tell(host.now())
  }

  for (;;) {
    const before = meter.elapsedMs
    const state = meter.measure(() => reactor.step(budget))
    if (state === 'done') break
    budget = task.stepBudget ?? nextBudget(budget, meter.elapsedMs - before)
    const now = host.now()
    tell(now)
    if (now - checkpointAt >= checkpointEveryMs) {
      checkpointAt = now
      const checkpoint = save()
      if (checkpoint) host.onCheckpoint(checkpoint)
    }
    await rest()
    if (control.isPauseWanted) {
      const checkpoint = save()
      return checkpoint ? { kind: 'paused', checkpoint } : { kind: 'paused' }
    }
  }
  const output = meter.measure(() => reactor.output(task.outputCapBytes))
  await rest()
  return { kind: 'done', output, elapsedMs: meter.elapsedMs, log: '', memoryBytes: reactor.memoryBytes() }
}

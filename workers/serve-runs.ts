import { type Compilation, compileKernel } from './compile-kernel.ts'
import { type Checkpoint, type RunControl, type RunEnd, type RunHost, runKernel } from './run-kernel.ts'
import type { FromRunner, RunnerTask, ToRunner } from './runner-messages.ts'

/**
 * The inside of a runner: compiles each `kernel`, answers each `run` of it with progress, checkpoints and one `ended`. One
 * run at a time.
 *
 * @param post sends a message to the pool, transferring what it is told to
 */
export function serveRuns(
  post: (message: FromRunner, transfer: ArrayBuffer[]) => void,
  { now, sleep }: Pick<RunHost, 'now' | 'sleep'>,
): (message: ToRunner) => void {
  let control: RunControl | undefined
  let compiling: Promise<Compilation> = Promise.resolve({ kind: 'unable', reason: 'The runner was given no kernel.' })

  const host: RunHost = {
    now,
    sleep,
    onProgress: progress => post({ kind: 'progress', progress }, []),
    onCheckpoint: checkpoint => post({ kind: 'checkpoint', checkpoint }, [checkpoint.bytes.buffer]),
  }

  async function run({ task, cpuPercent }: Extract<ToRunner, { kind: 'run' }>): Promise<void> {
    control = { cpuPercent, isPauseWanted: false }
    // Whatever is not the kernel's failure is this device's: unsaid, it would look like a kernel that stalled.
    const end = await compileAndRun(task, control).catch(
      (error: unknown): RunEnd => ({ kind: 'unable', reason: `The runner failed: ${error}` }),
    )
    post({ kind: 'ended', end }, transferOf(end))
  }

  async function compileAndRun(task: RunnerTask, control: RunControl): Promise<RunEnd> {
    const compilation = await compiling
    if (compilation.kind === 'unable') return compilation
    post({ kind: 'begun' }, [])
    return runKernel({ ...task, kernel: compilation.kernel }, control, host)
  }

  return message => {
    switch (message.kind) {
      case 'kernel':
        compiling = compileKernel(message.kernel)
        break
      case 'run':
        void run(message)
        break
      case 'cpuPercent':
        if (control) control.cpuPercent = message.cpuPercent
        break
      case 'pause':
        if (control) control.isPauseWanted = true
    }
  }
}

function transferOf(end: RunEnd): ArrayBuffer[] {
  const checkpoint: Checkpoint | undefined = end.kind === 'paused' ? end.checkpoint : undefined
  if (checkpoint) return [checkpoint.bytes.buffer]
  return end.kind === 'done' ? [end.output.buffer] : []
}

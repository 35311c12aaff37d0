import { type Checkpoint, type RunControl, type RunEnd, type RunHost, runKernel } from './run-kernel.ts'
import type { FromRunner, ToRunner } from './runner-messages.ts'

/**
 * The inside of a runner: answers each `run` with progress, checkpoints and one `ended`. One run at a time.
 *
 * @param post sends a message to the pool, transferring what it is told to
 */
export function serveRuns(
  post: (message: FromRunner, transfer: ArrayBuffer[]) => void,
  { now, sleep }: Pick<RunHost, 'now' | 'sleep'>,
): (message: ToRunner) => void {
  let control: RunControl | undefined

  const host: RunHost = {
    now,
    sleep,
    onProgress: progress => post({ kind: 'progress', progress }, []),
    onCheckpoint: checkpoint => post({ kind: 'checkpoint', checkpoint }, [checkpoint.bytes.buffer]),
  }

  async function run({ task, cpuPercent }: Extract<ToRunner, { kind: 'run' }>): Promise<void> {
    control = { cpuPercent, isPauseWanted: false }
    post({ kind: 'begun' }, [])
    // Whatever is not the kernel's failure is this device's: unsaid, it would look like a kernel that stalled.
    const end = await runKernel(task, control, host).catch(
      (error: unknown): RunEnd => ({ kind: 'unable', reason: `The runner failed: ${error}` }),
    )
    post({ kind: 'ended', end }, transferOf(end))
  }

  return message => {
    switch (message.kind) {
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

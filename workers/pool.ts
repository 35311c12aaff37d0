import type { Digest } from '../protocol/digest.ts'
import { failureReasons } from './failure-reasons.ts'
import type { Kernel } from './kernel.ts'
import type { Checkpoint, RunEnd, RunProgress } from './run-kernel.ts'
import type { FromRunner, RunnerPort, RunnerTask, ToRunner } from './runner-messages.ts'

/** A thread that does not come up in this time never will. */
const spawnSeconds = 60

export interface PoolTask extends RunnerTask {
  readonly kernel: Kernel
}

export interface RunOptions {
  readonly cpuPercent: number
  /** Aborting terminates the runner at once; the run ends as `aborted`. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: RunProgress) => void
  readonly onCheckpoint?: (checkpoint: Checkpoint) => void
}

export interface Run {
  /** Never rejects. */
  readonly end: Promise<RunEnd>
  /** Asks for a checkpoint and an early end: `paused`. */
  pause(): void
  setCpuPercent(cpuPercent: number): void
}

export interface Pool {
  run(task: PoolTask, options: RunOptions): Run
  /** Lets all idle runners go. Runs under way are left to their signals. */
  close(): void
}

export interface PoolPorts {
  spawn(): RunnerPort
  /** A reactor whose runner gives no sign of life for so long has failed: stalled. */
  readonly stallSeconds?: number
  /** Which runs fail when their time cap is over. Absent: commands, which no silence betrays. */
  readonly timed?: 'commands' | 'all'
  readonly idleSeconds?: number
}

interface Runner {
  readonly port: RunnerPort
  /** Of the kernel that it has compiled. */
  kernel?: Digest
  hear(message: FromRunner): void
  die(error: Error): void
  letGo?: ReturnType<typeof setTimeout>
}

/**
 * Runs kernels, each in a thread of its own. A thread serves one run after another, is terminated where a run is
 * aborted or stalls, and is let go when idle. How many run at once is the caller's choice.
 */
export function createPool({ spawn, stallSeconds = 10, timed = 'commands', idleSeconds = 30 }: PoolPorts): Pool {
  const idle: Runner[] = []

  /** What it still says belongs to a run that is over. */
  function silence(runner: Runner): void {
    runner.hear = () => {}
    runner.die = () => {}
  }

  function discard(runner: Runner): void {
    const at = idle.indexOf(runner)
    if (at >= 0) idle.splice(at, 1)
    clearTimeout(runner.letGo)
    silence(runner)
    runner.port.terminate()
  }

  /** Best one that has the kernel already. */
  function takeRunner(kernel: Digest): Runner {
    const fitting = idle.findLastIndex(runner => runner.kernel === kernel)
    const [rested] = idle.splice(fitting, 1)
    if (rested) {
      clearTimeout(rested.letGo)
      return rested
    }
    const runner: Runner = { port: spawn(), hear() {}, die() {} }
    runner.port.listen(
      message => runner.hear(message),
      error => {
        const { die } = runner
        discard(runner)
        die(error)
      },
    )
    return runner
  }

  function putBack(runner: Runner): void {
    silence(runner)
    runner.letGo = setTimeout(() => discard(runner), idleSeconds * 1000)
    idle.push(runner)
  }

  return {
    run({ kernel, ...task }, { cpuPercent, signal, onProgress, onCheckpoint }) {
      if (signal.aborted) return { end: Promise.resolve({ kind: 'aborted' }), pause() {}, setCpuPercent() {} }
      const { promise, resolve } = Promise.withResolvers<RunEnd>()
      const runner = takeRunner(kernel.digest)
      let elapsedMs = task.checkpoint?.elapsedMs ?? 0
      let isOver = false
      const isCommand = task.input.kind === 'command'
      const isTimed = isCommand || timed === 'all'

      function end(how: RunEnd, isRunnerUsable: boolean): void {
        if (isOver) return
        isOver = true
        clearInterval(watch)
        signal.removeEventListener('abort', abort)
        if (isRunnerUsable) putBack(runner)
        else discard(runner)
        resolve(how)
      }

      const abort = () => end({ kind: 'aborted' }, false)
      signal.addEventListener('abort', abort)
      // Ticks, not a clock: while the machine sleeps or the page is frozen, nobody ticks and nobody stalls.
      let silentTicks = 0
      let hasBegun = false
      const watch = setInterval(() => {
        silentTicks++
        if (!hasBegun) {
          if (silentTicks > spawnSeconds)
            end({ kind: 'unable', reason: `A runner did not start within ${spawnSeconds} seconds.` }, false)
        } else if (isTimed && elapsedMs + silentTicks * 1000 > task.timeCapMs)
          end({ kind: 'failed', reason: failureReasons.tookTooLong, elapsedMs: task.timeCapMs, log: '' }, false)
        else if (!isCommand && silentTicks > stallSeconds)
          end({ kind: 'failed', reason: failureReasons.stalled, elapsedMs, log: '' }, false)
      }, 1000)

      runner.die = error => end({ kind: 'unable', reason: `A runner could not go on: ${error.message}` }, false)
      runner.hear = message => {
        silentTicks = 0
        hasBegun = true
        if (message.kind === 'progress') {
          elapsedMs = message.progress.elapsedMs
          onProgress?.(message.progress)
        } else if (message.kind === 'checkpoint') onCheckpoint?.(message.checkpoint)
        else if (message.kind === 'ended') end(message.end, true)
      }
      // A runner whose run is over may already serve another.
      const tell = (message: ToRunner) => {
        if (!isOver) runner.port.post(message)
      }
      if (runner.kernel !== kernel.digest) tell({ kind: 'kernel', kernel })
      runner.kernel = kernel.digest
      tell({ kind: 'run', task, cpuPercent })
      return {
        end: promise,
        pause: () => tell({ kind: 'pause' }),
        setCpuPercent: percent => tell({ kind: 'cpuPercent', cpuPercent: percent }),
      }
    },
    close() {
      for (const runner of [...idle]) discard(runner)
    },
  }
}

import type { Kernel } from './kernel.ts'
import type { Checkpoint, KernelTask, RunEnd, RunProgress } from './run-kernel.ts'

/** A task without its kernel, which the runner has. */
export type RunnerTask = Omit<KernelTask, 'kernel'>

export type ToRunner =
  /** What the runs that follow are of. */
  | { readonly kind: 'kernel'; readonly kernel: Kernel }
  | { readonly kind: 'run'; readonly task: RunnerTask; readonly cpuPercent: number }
  | { readonly kind: 'cpuPercent'; readonly cpuPercent: number }
  | { readonly kind: 'pause' }

/** Any of them is a sign of life. */
export type FromRunner =
  /** The kernel is compiled: silence from here on is the kernel's. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'ended'; readonly end: RunEnd }

/** A runner's thread as the pool sees it: a Web Worker or a worker thread. */
export interface RunnerPort {
  post(message: ToRunner): void
  /** Called once. `onDeath` where the thread cannot start, or dies by itself. */
  listen(onMessage: (message: FromRunner) => void, onDeath: (error: Error) => void): void
  /** At once, whatever the thread is doing. */
  terminate(): void
}

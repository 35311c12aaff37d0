import type { RunInput } from '../../protocol/run-input.ts'
import type { RunOutcome } from '../../protocol/volunteer.ts'

/** One run of a program that nobody vouches for. */
export interface SandboxRun {
  readonly kernel: Uint8Array
  readonly input: RunInput
  readonly memoryCapBytes: number
  readonly outputCapBytes: number
  /** Time inside the program that it may take. */
  readonly timeCapMs: number
  /** Budget of each step of a reactor: two of them show whether the place of its steps changes the output. */
  readonly stepBudget?: number
  /** Sees only whether the engine takes the module; `done` without an output where it does. */
  readonly isCompiledOnly?: boolean
}

export type SandboxEnd = Exclude<RunOutcome, { kind: 'aborted' }>

/** To the sandbox's process. One run at a time. */
export interface ToSandbox {
  readonly kind: 'run'
  readonly run: SandboxRun
  /** What the process may take over all that the run may: engine, code, copies of what goes in and out. */
  readonly headroomBytes: number
}

export type FromSandbox =
  /** Every second while a run goes on. */
  { readonly kind: 'alive' } | { readonly kind: 'ended'; readonly end: SandboxEnd }

/** The process ends itself with it where a run takes more memory than it may. */
export const outOfMemoryCode = 3

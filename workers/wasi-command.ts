import { findPathConflict } from '../protocol/find-path-conflict.ts'
import { kernelLimits } from '../protocol/kernel.ts'
import type { RunInput } from '../protocol/run-input.ts'
import { wasiModule } from '../protocol/wasi-calls.ts'
import { failureReasons } from './failure-reasons.ts'
import { env, failureOf, instantiate, KernelFailure } from './kernel-failure.ts'
import { createWasiCalls } from './wasi-calls.ts'
import { createWasiLog } from './wasi-log.ts'
import { createWasiOutput } from './wasi-output.ts'
import { createWasiProcess, WasiExit } from './wasi-process.ts'

/** How one run of a command ended. */
export type CommandEnd =
  | {
      readonly kind: 'done'
      readonly output: Uint8Array<ArrayBuffer>
      readonly log: string
      readonly memoryBytes: number
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly log: string }

export interface CommandOptions {
  readonly outputCapBytes: number
  /** Hears what the program says of its progress, from inside of the run. */
  onProgress(progress: number): void
}

const notRunning = (): never => {
  throw new KernelFailure(failureReasons.trapped)
}

/** @returns the exit code */
function start(instance: WebAssembly.Instance): number {
  const { _start: main } = instance.exports
  if (typeof main !== 'function') throw new KernelFailure(failureReasons.missingStart)
  try {
    main()
    return 0
  } catch (error) {
    if (error instanceof WasiExit) return error.code
    throw failureOf(error)
  }
}

/**
 * Runs a WASI command to its end, in one call. Nothing that it can see differs between devices: the same module and the
 * same input give the same output, the same log, or the same failure.
 *
 * @throws {DeviceFailure} where the device cannot hold it
 */
export function runCommand(
  module: WebAssembly.Module,
  input: Extract<RunInput, { kind: 'command' }>,
  { outputCapBytes, onProgress }: CommandOptions,
): CommandEnd {
  const output = createWasiOutput(outputCapBytes)
  const log = createWasiLog(kernelLimits.logBytes, onProgress)
  let memory = notRunning as () => WebAssembly.Memory
  const failed = (reason: string): CommandEnd => ({ kind: 'failed', reason, log: log.take() })

  const conflict = findPathConflict(input.files.map(({ path }) => path))
  if (conflict) return failed(failureReasons.pathConflict(...conflict))
  const process = createWasiProcess(input, {
    memory: () => memory(),
    writeOutput: bytes => output.write(bytes),
    writeLog: bytes => log.write(bytes),
  })
  try {
    const instance = instantiate(module, { [wasiModule]: createWasiCalls(process), env })
    const { memory: exported } = instance.exports
    if (!(exported instanceof WebAssembly.Memory)) return failed(failureReasons.missingStart)
    memory = () => exported
    const code = start(instance)
    if (code !== 0) return failed(failureReasons.exitedWithCode(code))
    return { kind: 'done', output: output.take(), log: log.take(), memoryBytes: exported.buffer.byteLength }
  } catch (error) {
    if (error instanceof KernelFailure) return failed(error.message)
    throw error
  }
}

import { kernelAbi, type ReactorExports } from '../protocol/kernel.ts'
import { failureReasons } from './failure-reasons.ts'
import { env, failureOf, instantiate, KernelFailure } from './kernel-failure.ts'

/** A kernel in its own instance. Every call into it fails only with {@link KernelFailure}. */
export interface Reactor {
  start(input: Uint8Array): void
  /** @returns whether the kernel took the checkpoint up; if not, this instance must not be used any more */
  restore(checkpoint: Uint8Array): boolean
  step(budget: number): 'more' | 'done'
  progress(): number
  output(capBytes: number): Uint8Array<ArrayBuffer>
  /** @returns undefined where the kernel keeps no checkpoints */
  save(): Uint8Array<ArrayBuffer> | undefined
  memoryBytes(): number
}

function call<T>(kernelCall: () => T): T {
  try {
    return kernelCall()
  } catch (error) {
    throw failureOf(error)
  }
}

function requireExports(instance: WebAssembly.Instance): ReactorExports {
  const { exports } = instance
  if (!(exports.memory instanceof WebAssembly.Memory)) throw new KernelFailure(failureReasons.missingExport('memory'))
  if (!(exports.tidemill_abi instanceof WebAssembly.Global))
    throw new KernelFailure(failureReasons.missingExport('tidemill_abi'))
  if (exports.tidemill_abi.value !== kernelAbi) throw new KernelFailure(failureReasons.wrongAbi)
  for (const name of ['alloc', 'start', 'step', 'progress', 'output'])
    if (typeof exports[name] !== 'function') throw new KernelFailure(failureReasons.missingExport(name))
  return exports as unknown as ReactorExports
}

/**
 * Instantiates a module by the reactor contract.
 *
 * @throws {KernelFailure} where the module breaks the contract
 * @throws {DeviceFailure} where the device cannot hold it
 */
export function createReactor(module: WebAssembly.Module): Reactor {
  const kernel = requireExports(instantiate(module, { env }))

  function write(bytes: Uint8Array): number {
    const pointer = call(() => kernel.alloc(bytes.length)) >>> 0
    if (pointer + bytes.length > kernel.memory.buffer.byteLength) throw new KernelFailure(failureReasons.pointerOutside)
    new Uint8Array(kernel.memory.buffer).set(bytes, pointer)
    return pointer
  }

  /** @param packed pointer << 32 | length */
  function read(packed: unknown, capBytes: number): Uint8Array<ArrayBuffer> {
    if (typeof packed !== 'bigint') throw new KernelFailure(failureReasons.outputMissing)
    const pointer = Number(BigInt.asUintN(32, packed >> 32n))
    const length = Number(BigInt.asUintN(32, packed))
    if (length > capBytes) throw new KernelFailure(failureReasons.outputTooLarge(length, capBytes))
    if (pointer + length > kernel.memory.buffer.byteLength) throw new KernelFailure(failureReasons.pointerOutside)
    return new Uint8Array(kernel.memory.buffer).slice(pointer, pointer + length)
  }

  return {
    start(input) {
      const pointer = write(input)
      const code = call(() => kernel.start(pointer, input.length))
      if (code !== 0) throw new KernelFailure(failureReasons.refusedInput(code))
    },
    restore(checkpoint) {
      try {
        const pointer = write(checkpoint)
        return call(() => kernel.restore?.(pointer, checkpoint.length)) === 0
      } catch (error) {
        if (error instanceof KernelFailure) return false
        throw error
      }
    },
    step(budget) {
      const code = call(() => kernel.step(budget))
      if (code !== 0 && code !== 1) throw new KernelFailure(failureReasons.stoppedWithCode(code))
      return code === 0 ? 'done' : 'more'
    },
    progress: () => call(() => kernel.progress()),
    output: capBytes =>
      read(
        call(() => kernel.output()),
        capBytes,
      ),
    memoryBytes: () => kernel.memory.buffer.byteLength,
    save() {
      const packed = call(() => kernel.save?.())
      return packed === undefined ? undefined : read(packed, kernel.memory.buffer.byteLength)
    },
  }
}

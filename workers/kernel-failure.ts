import { failureReasons } from './failure-reasons.ts'

/** The kernel's own failure, on its way to a `RunEnd`. Stays inside this thread. */
export class KernelFailure extends Error {}

/** The device's failure: the same kernel may well run elsewhere. Stays inside this thread. */
export class DeviceFailure extends Error {}

class AbortCalled extends Error {}

/** What a module may import besides WASI. */
export const env = {
  abort: (): never => {
    throw new AbortCalled()
  },
}

/** Turns what an engine throws into words that all engines share. */
export function failureOf(error: unknown): KernelFailure {
  if (error instanceof KernelFailure) return error
  const reason =
    error instanceof AbortCalled
      ? failureReasons.aborted
      : error instanceof RangeError || (error instanceof Error && error.name === 'InternalError')
        ? failureReasons.stackExhausted
        : failureReasons.trapped
  return new KernelFailure(reason, { cause: error })
}

/**
 * Makes an instance of a kernel.
 *
 * @throws {KernelFailure} where its start function fails
 * @throws {DeviceFailure} where the device cannot hold it
 */
export function instantiate(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  try {
    return new WebAssembly.Instance(module, imports)
  } catch (error) {
    // Memory that the device cannot give is no fault of the kernel; what its start function does is.
    if (error instanceof RangeError)
      throw new DeviceFailure('This device could not give the kernel the memory that it asks for.', { cause: error })
    throw failureOf(error)
  }
}

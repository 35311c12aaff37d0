import { capMemory } from '../protocol/cap-memory.ts'
import { inspectModule } from '../protocol/inspect-module.ts'
import type { KernelProgram } from '../protocol/kernel.ts'

/** A module ready to run, with what only its bytes say. Crosses to runners by `postMessage` without a second compile. */
export interface CompiledKernel {
  readonly module: WebAssembly.Module
  readonly program: KernelProgram
  readonly memoryMaximumBytes: number
}

/** `refused` is the kernel's fault, by a sentence that all devices share; `unable` is the device's. */
export type Compilation =
  | { readonly kind: 'compiled'; readonly kernel: CompiledKernel }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unable'; readonly reason: string }

/** Inspects and compiles a kernel. */
export async function compileKernel(bytes: Uint8Array<ArrayBuffer>): Promise<Compilation> {
  const inspection = inspectModule(bytes)
  if (inspection.kind === 'refused') return inspection
  const { program, memoryMaximumBytes } = inspection
  try {
    const module = await WebAssembly.compile(capMemory(bytes, memoryMaximumBytes))
    return { kind: 'compiled', kernel: { module, program, memoryMaximumBytes } }
  } catch {
    // The server compiled this very module before it handed it out: what fails here is a feature this engine lacks.
    return { kind: 'unable', reason: 'This device cannot run the kernel: its WebAssembly engine refuses the module.' }
  }
}

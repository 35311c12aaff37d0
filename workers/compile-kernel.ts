import { inspectModule } from './inspect-module.ts'

/** A module ready to run, with what only its bytes say. Crosses to runners by `postMessage` without a second compile. */
export interface CompiledKernel {
  readonly module: WebAssembly.Module
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
  try {
    const module = await WebAssembly.compile(bytes)
    return { kind: 'compiled', kernel: { module, memoryMaximumBytes: inspection.memoryMaximumBytes } }
  } catch {
    // The server compiled this very module before it handed it out: what fails here is a feature this engine lacks.
    return { kind: 'unable', reason: 'This device cannot run the kernel: its WebAssembly engine refuses the module.' }
  }
}

import type { Kernel, ModuleFacts } from './kernel.ts'

/** A module ready to run, in the runner that runs it. */
export interface CompiledKernel extends ModuleFacts {
  readonly module: WebAssembly.Module
}

/** `unable` is the device's fault: what is refused here has passed inspection. */
export type Compilation =
  | { readonly kind: 'compiled'; readonly kernel: CompiledKernel }
  | { readonly kind: 'unable'; readonly reason: string }

/** Compiles a kernel. Never rejects. */
export async function compileKernel({ bytes, program, memoryMaximumBytes }: Kernel): Promise<Compilation> {
  try {
    return { kind: 'compiled', kernel: { module: await WebAssembly.compile(bytes), program, memoryMaximumBytes } }
  } catch {
    // The server compiled this very module before it handed it out: what fails here is a feature this engine lacks.
    return { kind: 'unable', reason: 'This device cannot run the kernel: its WebAssembly engine refuses the module.' }
  }
}

import { capMemory } from '../protocol/cap-memory.ts'
import type { Digest } from '../protocol/digest.ts'
import { type Inspection, inspectModule } from '../protocol/inspect-module.ts'

/** What a module's bytes say about it, and its engine does not. */
export type ModuleFacts = Pick<Extract<Inspection, { kind: 'fit' }>, 'program' | 'memoryMaximumBytes'>

/**
 * A module that passed inspection. It reaches runners as bytes: a compiled module cannot be posted into the opaque
 * origin in which they live in a browser.
 */
export interface Kernel extends ModuleFacts {
  readonly digest: Digest
  /** The module, whose memory cannot grow past its maximum. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** `refused` is the kernel's fault, by a sentence that all devices share. */
export type LoadedKernel =
  | { readonly kind: 'loaded'; readonly kernel: Kernel }
  | { readonly kind: 'refused'; readonly reason: string }

/** Inspects a kernel's bytes, whose digest is known. */
export function inspectKernel(bytes: Uint8Array<ArrayBuffer>, digest: Digest): LoadedKernel {
  const inspection = inspectModule(bytes)
  if (inspection.kind === 'refused') return inspection
  const { program, memoryMaximumBytes } = inspection
  return {
    kind: 'loaded',
    kernel: { digest, bytes: capMemory(bytes, memoryMaximumBytes), program, memoryMaximumBytes },
  }
}

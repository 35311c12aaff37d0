import type { Digest } from '../../protocol/digest.ts'
import { inspectModule } from '../../protocol/inspect-module.ts'
import { type KernelProgram, kernelLimits } from '../../protocol/kernel.ts'
import { moduleRefusals } from '../../protocol/module-refusals.ts'
import type { BlobStore } from '../blobs/blob-store.ts'

export type ReadModule =
  | { readonly kind: 'read'; readonly program: KernelProgram; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `reason` is a sentence that says what to change. */
  | { readonly kind: 'refused'; readonly reason: string }

/** A module that somebody has stored, inspected. What is too large to be one is never read: a blob may have gigabytes. */
export async function readModule(blobs: Pick<BlobStore, 'get' | 'size'>, digest: Digest): Promise<ReadModule> {
  const gone: ReadModule = { kind: 'refused', reason: 'The program is not stored any more. Send it once more.' }
  const size = await blobs.size(digest)
  if (size === undefined) return gone
  if (size > kernelLimits.moduleBytes)
    return { kind: 'refused', reason: moduleRefusals.moduleTooLarge(size, kernelLimits.moduleBytes) }
  const bytes = await blobs.get(digest)
  if (bytes === undefined) return gone
  const inspection = inspectModule(bytes)
  if (inspection.kind === 'refused') return inspection
  return { kind: 'read', program: inspection.program, bytes: new Uint8Array(bytes) }
}

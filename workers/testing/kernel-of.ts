import { sha256 } from '../../protocol/digest.ts'
import { inspectKernel, type Kernel } from '../kernel.ts'

/** A module as {@link Kernel}, where it passes inspection. */
export async function kernelOf(bytes: Uint8Array<ArrayBuffer>): Promise<Kernel> {
  const loaded = inspectKernel(bytes, await sha256(bytes))
  if (loaded.kind === 'refused') throw new Error(loaded.reason)
  return loaded.kernel
}

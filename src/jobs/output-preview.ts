import { findKernel } from '../../wasm/kernels.ts'
import { type PreviewKind, previewKind } from './preview-kind.ts'

/** What a kernel's output shows: rows of a built-in one, which its descriptor reads, else what the bytes look like. */
export function outputPreview(kernelId: string, output: Uint8Array, isWhole: boolean): PreviewKind {
  const kernel = findKernel(kernelId)
  if (kernel === undefined || !isWhole) return previewKind(output, isWhole)
  try {
    const rows = kernel.rows(kernel.decodeOutput(output)).map(row => row.map(String))
    return { kind: 'numbers', table: { header: kernel.columns, rows } }
  } catch (error) {
    // Another version of the kernel may have written otherwise.
    if (error instanceof RangeError) return previewKind(output, isWhole)
    throw error
  }
}

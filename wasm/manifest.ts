import * as z from 'zod/mini'
import { Digest } from '../protocol/digest.ts'

/** Where `npm run build:kernels` puts its files, from the root of the repository. */
export const kernelFolder = 'dist/kernels'

/** `dist/kernels/manifest.json`: the built kernels by id; the module itself is `dist/kernels/<digest>.wasm`. */
export const kernelManifest = z.record(z.string(), z.object({ digest: Digest, bytes: z.int() }))
export type KernelManifest = z.infer<typeof kernelManifest>

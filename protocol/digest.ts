import * as z from 'zod/mini'
import { toHex } from './bytes.ts'

/** A SHA-256 in lower-case hexadecimal. Kernels, inputs and outputs are named by it. */
export const Digest = z
  .string()
  .check(z.regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits'))
  .brand<'Digest'>()
export type Digest = z.infer<typeof Digest>

/** Names bytes by their SHA-256, the same in every engine. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Digest> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) as Digest
}

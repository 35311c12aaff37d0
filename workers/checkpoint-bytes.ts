import type { Checkpoint } from './run-kernel.ts'

// offset  0         8          16
//         progress  elapsedMs  the kernel's own bytes
//         f64 LE    f64 LE
const headerBytes = 16

/** A checkpoint as a store keeps it. */
export function encodeCheckpoint({ bytes, progress, elapsedMs }: Checkpoint): Uint8Array<ArrayBuffer> {
  const encoded = new Uint8Array(headerBytes + bytes.length)
  const header = new DataView(encoded.buffer)
  header.setFloat64(0, progress, true)
  header.setFloat64(8, elapsedMs, true)
  encoded.set(bytes, headerBytes)
  return encoded
}

/** @returns undefined where the bytes are no checkpoint */
export function decodeCheckpoint(encoded: Uint8Array<ArrayBuffer>): Checkpoint | undefined {
  if (encoded.length < headerBytes) return undefined
  const header = new DataView(encoded.buffer, encoded.byteOffset)
  const progress = header.getFloat64(0, true)
  const elapsedMs = header.getFloat64(8, true)
  if (!(progress >= 0 && progress <= 1 && elapsedMs >= 0 && Number.isFinite(elapsedMs))) return undefined
  return { bytes: encoded.slice(headerBytes), progress, elapsedMs }
}

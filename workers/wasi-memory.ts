import { wasi } from '@bjorn3/browser_wasi_shim'

/** Why a call ends early: the number that it returns. Stays inside of the calls. */
export class WasiError extends Error {
  readonly errno: number
  constructor(errno: number) {
    super(`errno ${errno}`)
    this.errno = errno
  }
}

/** As Linux's IOV_MAX. */
const mostVectors = 1024

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A program's memory as its calls see it: unsigned little-endian numbers, and `EFAULT` for what lies outside of it. */
export interface WasiMemory {
  uint16(pointer: number): number
  uint32(pointer: number): number
  uint64(pointer: number): bigint
  setUint8(pointer: number, value: number): void
  setUint16(pointer: number, value: number): void
  setUint32(pointer: number, value: number): void
  setUint64(pointer: number, value: bigint): void
  /** A view, which the next growth of the memory ends. */
  bytes(pointer: number, length: number): Uint8Array
  /** A path, which must be UTF-8. */
  text(pointer: number, length: number): string
  /** The memory that an array of `iovec` or `ciovec` names. */
  vectors(pointer: number, count: number): Uint8Array[]
}

/** @param memory the instance's, asked for at every call: it may grow between two */
export function createWasiMemory(memory: () => WebAssembly.Memory): WasiMemory {
  /** The engine hands pointers over as signed numbers. */
  function place(pointer: number, length: number): [ArrayBuffer, number] {
    const { buffer } = memory()
    const from = pointer >>> 0
    if (from + length > buffer.byteLength) throw new WasiError(wasi.ERRNO_FAULT)
    return [buffer as ArrayBuffer, from]
  }
  const view = (pointer: number, length: number) => new DataView(...place(pointer, length), length)
  const bytes = (pointer: number, length: number) => new Uint8Array(...place(pointer, length >>> 0), length >>> 0)

  return {
    uint16: pointer => view(pointer, 2).getUint16(0, true),
    uint32: pointer => view(pointer, 4).getUint32(0, true),
    uint64: pointer => view(pointer, 8).getBigUint64(0, true),
    setUint8: (pointer, value) => view(pointer, 1).setUint8(0, value),
    setUint16: (pointer, value) => view(pointer, 2).setUint16(0, value, true),
    setUint32: (pointer, value) => view(pointer, 4).setUint32(0, value, true),
    setUint64: (pointer, value) => view(pointer, 8).setBigUint64(0, value, true),
    bytes,
    text(pointer, length) {
      try {
        return utf8.decode(bytes(pointer, length))
      } catch (error) {
        if (error instanceof TypeError) throw new WasiError(wasi.ERRNO_ILSEQ)
        throw error
      }
    },
    vectors(pointer, count) {
      if (count >>> 0 > mostVectors) throw new WasiError(wasi.ERRNO_INVAL)
      const array = view(pointer, (count >>> 0) * 8)
      const found: Uint8Array[] = []
      let total = 0
      for (let at = 0; at < array.byteLength; at += 8) {
        const length = array.getUint32(at + 4, true)
        total += length
        if (length > 0) found.push(bytes(array.getUint32(at, true), length))
      }
      // The count of bytes that a call gives back has 32 bits.
      if (total > 0xffff_ffff) throw new WasiError(wasi.ERRNO_INVAL)
      return found
    },
  }
}

import { allowedImports, kernelLimits } from '../protocol/kernel.ts'
import { failureReasons } from './failure-reasons.ts'

/** What the bytes of a module declare about themselves, or why no device runs them. */
export type Inspection =
  | { readonly kind: 'fit'; readonly memoryMaximumBytes: number }
  | { readonly kind: 'refused'; readonly reason: string }

const pageBytes = 65536
const sections = { import: 2, memory: 5, tag: 13 }
const functionImport = 0

/** Walks a module's bytes (WebAssembly Core Specification, chapter 5). Throws RangeError past the end. */
class Reader {
  #at = 0
  readonly #bytes: Uint8Array
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }
  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new RangeError('past the end of the module')
    return byte
  }
  /** Unsigned LEB128. Exact up to 2^53, more than any size that passes our caps. */
  unsigned(): number {
    let value = 0
    for (let scale = 1, more = true; more; scale *= 128) {
      const byte = this.byte()
      value += (byte & 127) * scale
      more = byte > 127
    }
    return value
  }
  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError('past the end of the module')
    const part = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return part
  }
  name(): string {
    return new TextDecoder().decode(this.take(this.unsigned()))
  }
}

/** @returns the first import that is not on the allow-list */
function foreignImport(reader: Reader): { module: string; name: string } | undefined {
  for (let left = reader.unsigned(); left > 0; left--) {
    const module = reader.name()
    const name = reader.name()
    const allowed = allowedImports.some(entry => entry.module === module && entry.name === name)
    // Only functions are ever allowed, so the other kinds' encodings need no reading.
    if (!allowed || reader.byte() !== functionImport) return { module, name }
    reader.unsigned()
  }
  return undefined
}

function memoryMaximum(reader: Reader): Inspection {
  if (reader.unsigned() !== 1) return { kind: 'refused', reason: failureReasons.noMemory }
  const flags = reader.byte()
  if (flags & 4) return { kind: 'refused', reason: failureReasons.memory64 }
  if (flags & 2) return { kind: 'refused', reason: failureReasons.memoryShared }
  if (!(flags & 1)) return { kind: 'refused', reason: failureReasons.noMemoryMaximum }
  reader.unsigned()
  return { kind: 'fit', memoryMaximumBytes: reader.unsigned() * pageBytes }
}

/**
 * Reads from the binary what JavaScript cannot ask of a compiled module: its declared memory maximum. Refuses, by the
 * same sentence on every device, what the kernel contract refuses.
 */
export function inspectModule(bytes: Uint8Array): Inspection {
  if (bytes.length > kernelLimits.moduleBytes)
    return { kind: 'refused', reason: failureReasons.moduleTooLarge(bytes.length, kernelLimits.moduleBytes) }
  try {
    return readSections(new Reader(bytes))
  } catch (error) {
    if (error instanceof RangeError) return { kind: 'refused', reason: failureReasons.notWebAssembly }
    throw error
  }
}

function readSections(reader: Reader): Inspection {
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
  if (magic.some(byte => reader.byte() !== byte)) return { kind: 'refused', reason: failureReasons.notWebAssembly }
  let memory: Inspection = { kind: 'refused', reason: failureReasons.noMemory }
  while (!reader.isAtEnd) {
    const id = reader.byte()
    const section = new Reader(reader.take(reader.unsigned()))
    if (id === sections.tag) return { kind: 'refused', reason: failureReasons.exceptions }
    if (id === sections.memory) memory = memoryMaximum(section)
    if (id !== sections.import) continue
    const foreign = foreignImport(section)
    if (foreign) return { kind: 'refused', reason: failureReasons.foreignImport(foreign.module, foreign.name) }
  }
  return memory
}

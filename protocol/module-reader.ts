/** A module that is refused, on its way to an `Inspection`. Stays inside of the inspection. */
export class ModuleRefusal extends Error {}

const utf8 = new TextDecoder()

/**
 * Walks the bytes of a module (WebAssembly Core Specification, chapter 5). Allocates nothing for a count that the bytes
 * only claim. Throws RangeError past the end.
 */
export class ModuleReader {
  at: number
  readonly end: number
  readonly bytes: Uint8Array
  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.bytes = bytes
    this.at = from
    this.end = end
  }
  get isAtEnd(): boolean {
    return this.at >= this.end
  }
  byte(): number {
    if (this.at >= this.end) throw new RangeError('past the end of the module')
    return this.bytes[this.at++] as number
  }
  /** Unsigned LEB128 of at most 64 bits. Exact up to 2^53, more than any size that passes our caps. */
  unsigned(): number {
    let byte = this.byte()
    if (byte < 128) return byte
    let value = byte & 127
    for (let scale = 128, length = 1; byte > 127; scale *= 128, length++) {
      if (length === 10) throw new RangeError('a number of more than 64 bits')
      byte = this.byte()
      value += (byte & 127) * scale
    }
    return value
  }
  /** Passes over any LEB128 number. */
  skipNumber(): void {
    for (let length = 1; this.byte() > 127; length++)
      if (length === 10) throw new RangeError('a number of more than 64 bits')
  }
  skip(length: number): void {
    if (length > this.end - this.at) throw new RangeError('past the end of the module')
    this.at += length
  }
  /** A reader of the next `length` bytes, which this one passes over. */
  part(length: number): ModuleReader {
    const from = this.at
    this.skip(length)
    return new ModuleReader(this.bytes, from, this.at)
  }
  /** The next name, as people can read it in a sentence: cut short, without control characters. */
  name(): string {
    const { bytes, at, end } = this.part(this.unsigned())
    return utf8.decode(bytes.subarray(at, Math.min(end, at + 100))).replaceAll(/\p{C}/gu, '?')
  }
}

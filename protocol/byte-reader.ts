import { MalformedBytesError } from './errors.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads big-endian fields one after another. Nothing is read past the end and nothing is allocated for a length that
 * the bytes do not have. What is taken is a view, not a copy.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The methods take the field's name for the error: @throws {MalformedBytesError} where the bytes end too early */
  uint8(field: string): number {
    return this.#view.getUint8(this.#advance(1, field))
  }

  uint16(field: string): number {
    return this.#view.getUint16(this.#advance(2, field))
  }

  uint32(field: string): number {
    return this.#view.getUint32(this.#advance(4, field))
  }

  uint64(field: string): bigint {
    return this.#view.getBigUint64(this.#advance(8, field))
  }

  float64(field: string): number {
    return this.#view.getFloat64(this.#advance(8, field))
  }

  take(length: number, field: string): Uint8Array {
    const from = this.#advance(length, field)
    return this.#bytes.subarray(from, from + length)
  }

  text(length: number, field: string): string {
    try {
      return utf8.decode(this.take(length, field))
    } catch (cause) {
      if (cause instanceof MalformedBytesError) throw cause
      this.refuse(field, 'expected UTF-8')
    }
  }

  end(): void {
    if (this.#at < this.#bytes.length) this.refuse('end', `expected no ${this.#bytes.length - this.#at} bytes more`)
  }

  refuse(field: string, expected: string): never {
    throw new MalformedBytesError(field, `${expected}, at byte ${this.#at}`)
  }

  #advance(length: number, field: string): number {
    const from = this.#at
    if (length > this.#bytes.length - from) this.refuse(field, `expected ${length} bytes`)
    this.#at = from + length
    return from
  }
}

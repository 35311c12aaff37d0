/** Writes big-endian fields one after another into bytes of a size that the caller has worked out. */
export class ByteWriter {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView
  #at = 0

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
    this.#view = new DataView(this.bytes.buffer)
  }

  uint8(value: number): void {
    this.#view.setUint8(this.#at, value)
    this.#at += 1
  }

  uint16(value: number): void {
    this.#view.setUint16(this.#at, value)
    this.#at += 2
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#at, value)
    this.#at += 4
  }

  uint64(value: bigint): void {
    this.#view.setBigUint64(this.#at, value)
    this.#at += 8
  }

  float64(value: number): void {
    this.#view.setFloat64(this.#at, value)
    this.#at += 8
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }
}

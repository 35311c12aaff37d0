/**
 * The records of a zip file (PKWARE's APPNOTE 6.3.10) as Tidemill writes it: files are stored, not compressed, their dates
 * are all the same, and nothing else is left to choice, so that the same files always make the same bytes.
 *
 *     localHeader(file) | bytes of the file | ... | centralRecord(file) | ... | endOfZip
 *
 * Sizes and offsets past 4 GB, and more than 65,535 files, are said in zip64 records.
 */
export interface ZippedFile {
  readonly path: string
  readonly bytes: number
  readonly crc32: number
  /** Where its local header begins. */
  readonly offset: number
}

const most32 = 0xffff_ffff
const most16 = 0xffff
/** 2.0, or 4.5 where there is something of zip64. */
const versions = { plain: 20, zip64: 45 } as const
const unix = 3 << 8
/** Names are UTF-8. */
const flags = 0x800
const stored = 0
/** 1 January 1980: the first day that there is. */
const day = 0x21
/** A plain file that everybody may read, for Unix. */
const attributes = 0o100644 << 16
const zip64Tag = 1

/** Writes little-endian numbers and bytes one after the other. */
class Record {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView
  #at = 0
  constructor(length: number) {
    this.bytes = new Uint8Array(length)
    this.#view = new DataView(this.bytes.buffer)
  }
  u16(...values: number[]): this {
    for (const value of values) {
      this.#view.setUint16(this.#at, value, true)
      this.#at += 2
    }
    return this
  }
  u32(...values: number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true)
      this.#at += 4
    }
    return this
  }
  u64(...values: number[]): this {
    for (const value of values) {
      this.#view.setBigUint64(this.#at, BigInt(value), true)
      this.#at += 8
    }
    return this
  }
  put(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }
}

const isBig = (value: number): boolean => value >= most32
const capped = (value: number): number => Math.min(value, most32)

/** What comes before the bytes of a file. */
export function localHeader({ path, bytes, crc32 }: Omit<ZippedFile, 'offset'>): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(path)
  const extra = isBig(bytes) ? 20 : 0
  const record = new Record(30 + name.length + extra)
    .u32(0x04034b50)
    .u16(extra > 0 ? versions.zip64 : versions.plain, flags, stored, 0, day)
    .u32(crc32, capped(bytes), capped(bytes))
    .u16(name.length, extra)
    .put(name)
  if (extra > 0) record.u16(zip64Tag, 16).u64(bytes, bytes)
  return record.bytes
}

/** What the directory behind all files says of one. */
export function centralRecord({ path, bytes, crc32, offset }: ZippedFile): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(path)
  const big = [...(isBig(bytes) ? [bytes, bytes] : []), ...(isBig(offset) ? [offset] : [])]
  const extra = big.length > 0 ? 4 + 8 * big.length : 0
  const version = extra > 0 ? versions.zip64 : versions.plain
  const record = new Record(46 + name.length + extra)
    .u32(0x02014b50)
    .u16(unix | version, version, flags, stored, 0, day)
    .u32(crc32, capped(bytes), capped(bytes))
    .u16(name.length, extra, 0, 0, 0)
    .u32(attributes, capped(offset))
    .put(name)
  if (extra > 0) record.u16(zip64Tag, extra - 4).u64(...big)
  return record.bytes
}

/** What comes behind the directory, of `files` files. */
export function endOfZip(directory: {
  readonly files: number
  readonly offset: number
  readonly bytes: number
}): Uint8Array<ArrayBuffer> {
  const { files, offset, bytes } = directory
  const isZip64 = files >= most16 || isBig(offset) || isBig(bytes)
  const record = new Record(22 + (isZip64 ? 56 + 20 : 0))
  if (isZip64)
    record
      .u32(0x06064b50)
      .u64(44)
      .u16(unix | versions.zip64, versions.zip64)
      .u32(0, 0)
      .u64(files, files, bytes, offset)
      // Where that record is: right behind the directory, on the only disk.
      .u32(0x07064b50, 0)
      .u64(offset + bytes)
      .u32(1)
  const count = Math.min(files, most16)
  return record.u32(0x06054b50).u16(0, 0, count, count).u32(capped(bytes), capped(offset)).u16(0).bytes
}

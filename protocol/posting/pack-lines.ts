import { MalformedBytesError } from '../errors.ts'
import { programLimits } from '../program.ts'
import { type ByteStream, readPieces } from './byte-stream.ts'
import { PostingError } from './posting-error.ts'

/*
 * A pack: many lines in one blob, so that a million tasks are not a million blobs. Little-endian:
 *
 *     0        4                  4 + 4 * count
 *     +--------+------------------+---------------------------------------+
 *     | count  | ends[0..count]   | line 0 | line 1 | ... | line count-1  |
 *     | u32    | u32 each         | bytes, without their line ends        |
 *     +--------+------------------+---------------------------------------+
 *
 * Line k is the bytes from ends[k - 1], or 0, to before ends[k], counted from behind the ends.
 */

/** A pack is closed when it has so many bytes. */
const packBytes = 1 << 20
const wordBytes = 4

const [newline, carriageReturn, quote] = [0x0a, 0x0d, 0x22]
/** What a quoted field may come after, beside the begin of a record: `, ; tab |`, and a quote, which stands for itself. */
const beforeQuote = new Set([0x2c, 0x3b, 0x09, 0x7c, quote])
const byteOrderMark = [0xef, 0xbb, 0xbf]

export interface LineOptions {
  /** Line ends between double quotes belong to the record, as in CSV (RFC 4180); records without a byte are left out. */
  readonly quoted: boolean
  /** The first record names the columns and is no task. */
  readonly header: boolean
  /** For tests: when a pack is closed. */
  readonly packBytes?: number
}

export type PackedLines =
  /** First, where there is one: the header as text. */
  | { readonly kind: 'header'; readonly text: string }
  | { readonly kind: 'pack'; readonly bytes: Uint8Array<ArrayBuffer>; readonly lines: number }

interface Line {
  readonly bytes: Uint8Array
  /** Where it begins, from 1. */
  readonly number: number
}

const tooLong = (number: number) =>
  new PostingError(
    `Line ${number} is longer than ${programLimits.lineBytes} bytes. Shorten it, or post its parts as files of their own.`,
  )

/** Puts what has come of a line together. */
function createPending() {
  let pieces: Uint8Array[] = []
  let length = 0
  return {
    get length() {
      return length
    },
    add(piece: Uint8Array, number: number): void {
      length += piece.length
      if (length > programLimits.lineBytes + 1) throw tooLong(number)
      // A copy: the source may use its buffer again.
      if (piece.length > 0) pieces.push(piece.slice())
    },
    take(): Uint8Array {
      const line = new Uint8Array(length)
      let at = 0
      for (const piece of pieces) {
        line.set(piece, at)
        at += piece.length
      }
      pieces = []
      length = 0
      return line
    },
  }
}

/** Finds the ends of lines, across pieces. */
function createLineEnds(quoted: boolean) {
  let isInside = false
  let before = -1

  /** @returns where the next line ends in `piece`, or -1; `newlines`: how many of them it has passed */
  function find(piece: Uint8Array, from: number): { end: number; newlines: number } {
    if (!quoted) return { end: piece.indexOf(newline, from), newlines: 0 }
    let newlines = 0
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] as number
      if (byte === quote) {
        if (isInside) isInside = false
        else if (before === -1 || beforeQuote.has(before)) isInside = true
      } else if (byte === newline) {
        if (!isInside) {
          before = -1
          return { end: at, newlines }
        }
        newlines++
      }
      before = byte
    }
    return { end: -1, newlines }
  }
  return { find, isOpen: () => isInside }
}

function trimLine(bytes: Uint8Array, number: number): Uint8Array {
  const line = bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes
  if (line.length > programLimits.lineBytes) throw tooLong(number)
  return number === 1 && byteOrderMark.every((byte, at) => line[at] === byte) ? line.subarray(3) : line
}

async function* readLines(stream: ByteStream, quoted: boolean): AsyncGenerator<Line> {
  const pending = createPending()
  const ends = createLineEnds(quoted)
  let number = 1
  let passed = 0
  for await (const piece of readPieces(stream))
    for (let from = 0; from < piece.length; ) {
      const { end, newlines } = ends.find(piece, from)
      passed += newlines
      pending.add(piece.subarray(from, end < 0 ? piece.length : end), number)
      if (end < 0) break
      yield { bytes: trimLine(pending.take(), number), number }
      number += passed + 1
      passed = 0
      from = end + 1
    }
  if (ends.isOpen())
    throw new PostingError(`The record that begins on line ${number} has a quote that never ends. Close it with ".`)
  if (pending.length > 0) yield { bytes: trimLine(pending.take(), number), number }
}

function encodePack(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const head = wordBytes * (1 + lines.length)
  const pack = new Uint8Array(head + lines.reduce((sum, line) => sum + line.length, 0))
  const view = new DataView(pack.buffer)
  view.setUint32(0, lines.length, true)
  let end = 0
  for (const [k, line] of lines.entries()) {
    pack.set(line, head + end)
    end += line.length
    view.setUint32(wordBytes * (1 + k), end, true)
  }
  return pack
}

function decodeHeader({ bytes }: Line): string {
  if (bytes.length > programLimits.headerLength)
    throw new PostingError(`The header has ${bytes.length} bytes, and may have ${programLimits.headerLength}.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new PostingError('The header is no UTF-8 text. Save the file as UTF-8, or choose it without a header.', {
      cause,
    })
  }
}

/**
 * Cuts a text into lines, or a table into records, and packs them, in their order. It holds a pack and a line at a time.
 * Line ends, `\n` or `\r\n`, go; so does an empty last line. What a line holds are bytes: it may be of any encoding that
 * has ASCII's line ends.
 *
 * @throws {PostingError} where a line is too long, a quote does not end, or the header is no text
 * @example
 * for await (const packed of packLines(file.stream(), { quoted: true, header: true }))
 *   if (packed.kind === 'pack') await store(packed.bytes)
 */
export async function* packLines(stream: ByteStream, options: LineOptions): AsyncGenerator<PackedLines> {
  let lines: Uint8Array[] = []
  let length = 0
  let isHeaderDue = options.header
  for await (const line of readLines(stream, options.quoted)) {
    if (options.quoted && line.bytes.length === 0) continue
    if (isHeaderDue) {
      isHeaderDue = false
      yield { kind: 'header', text: decodeHeader(line) }
      continue
    }
    lines.push(line.bytes)
    length += line.bytes.length + wordBytes
    if (length < (options.packBytes ?? packBytes)) continue
    yield { kind: 'pack', bytes: encodePack(lines), lines: lines.length }
    lines = []
    length = 0
  }
  if (lines.length > 0) yield { kind: 'pack', bytes: encodePack(lines), lines: lines.length }
}

/**
 * One line of a pack, as a view on its bytes.
 *
 * @throws {MalformedBytesError} where the bytes are no pack, or it has no such line
 */
export function readPackLine(pack: Uint8Array<ArrayBuffer>, line: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength)
  const count = pack.length < wordBytes ? 0 : view.getUint32(0, true)
  const head = wordBytes * (1 + count)
  if (!Number.isInteger(line) || line < 0 || line >= count || head > pack.length)
    throw new MalformedBytesError('pack', `expected a pack with a line ${line}`)
  const from = line === 0 ? 0 : view.getUint32(wordBytes * line, true)
  const to = view.getUint32(wordBytes * (line + 1), true)
  if (from > to || head + to > pack.length)
    throw new MalformedBytesError('pack', `expected line ${line} to lie within the pack`)
  return pack.subarray(head + from, head + to)
}

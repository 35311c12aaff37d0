import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedBytesError } from '../errors.ts'
import { programLimits } from '../program.ts'
import { packLines, readPackLine } from './pack-lines.ts'
import { PostingError } from './posting-error.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

interface Options {
  readonly quoted?: boolean
  readonly header?: boolean
  readonly packBytes?: number
  readonly pieceBytes?: number
}

async function pack(text: string | Uint8Array, { pieceBytes = 7, ...options }: Options = {}) {
  const bytes = typeof text === 'string' ? encode(text) : text
  const lines: Uint8Array[] = []
  const packs: number[] = []
  let header: string | undefined
  for await (const packed of packLines(inPieces(bytes, pieceBytes), { quoted: false, header: false, ...options }))
    if (packed.kind === 'header') header = packed.text
    else {
      packs.push(packed.lines)
      for (let line = 0; line < packed.lines; line++) lines.push(readPackLine(packed.bytes, line).slice())
    }
  return { lines, texts: lines.map(decode), packs, header }
}

const csvField = fc.string({ unit: fc.constantFrom('a', '"', '\n', '\r', ',', 'é', ' '), maxLength: 6 })
/** RFC 4180, every field quoted. */
const toRecord = (fields: readonly string[]) => fields.map(field => `"${field.replaceAll('"', '""')}"`).join(',')

describe('packLines', () => {
  test('default', async () => {
    expect((await pack('one\ntwo\r\nthree\n')).texts).toEqual(['one', 'two', 'three'])
  })

  test('behavior: an empty last line is none, any other is one', async () => {
    expect((await pack('a\n\nb')).texts).toEqual(['a', '', 'b'])
    expect((await pack('\n')).texts).toEqual([''])
    expect((await pack('')).packs).toEqual([])
  })

  test('behavior: line ends within quotes belong to the record', async () => {
    const { texts, header } = await pack('id,text\r\n1,"a\r\nb"\r\n\r\n2,"say ""hi"",\n"\r\n3,5" pipe\n', {
      quoted: true,
      header: true,
    })
    expect(header).toBe('id,text')
    expect(texts).toEqual(['1,"a\r\nb"', '2,"say ""hi"",\n"', '3,5" pipe'])
  })

  test('behavior: a mark of the byte order goes, and what is no text stays as it is', async () => {
    const bytes = new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0x0a, 0xff, 0x00, 0xfe, 0x0a, 0xef, 0xbb, 0xbf])
    expect((await pack(bytes)).lines).toEqual([
      new Uint8Array([0x61]),
      new Uint8Array([0xff, 0x00, 0xfe]),
      new Uint8Array([0xef, 0xbb, 0xbf]),
    ])
  })

  test('behavior: a pack is closed when it is full', async () => {
    expect((await pack('aaaa\nbbbb\ncccc\n', { packBytes: 16 })).packs).toEqual([2, 1])
    expect((await pack(`${'x'.repeat(99)}\n`.repeat(30_000), { pieceBytes: 65_536 })).packs.length).toBe(3)
  })

  test('behavior: a table of a million columns', async () => {
    const record = Array.from({ length: 1_000_000 }, (_, column) => column % 10).join(',')
    const { texts } = await pack(`${record}\n${record}\n`, { quoted: true, pieceBytes: 65_536 })
    expect(texts).toEqual([record, record])
  })

  test('behavior: any lines, in any pieces', async () => {
    const line = fc.uint8Array({ maxLength: 12 }).map(bytes => bytes.filter(byte => byte !== 10 && byte !== 13))
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 40 }),
        async (lines, end, pieceBytes, packBytes) => {
          fc.pre(lines[0]?.[0] !== 0xef)
          const text = lines.flatMap(bytes => [...bytes, ...encode(end)])
          const packed = await pack(new Uint8Array(text), { pieceBytes, packBytes })
          expect(packed.lines.map(bytes => [...bytes])).toEqual(lines.map(bytes => [...bytes]))
          expect(packed.packs.reduce((sum, count) => sum + count, 0)).toBe(lines.length)
        },
      ),
    )
  })

  test('behavior: any table, in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(csvField, { minLength: 1, maxLength: 4 }), { maxLength: 10 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (rows, end, pieceBytes) => {
          const records = rows.map(toRecord)
          const { texts } = await pack(records.map(record => record + end).join(''), { quoted: true, pieceBytes })
          expect(texts).toEqual(records)
        },
      ),
    )
  })

  test('error: a line that is too long is named, and reading stops there', async () => {
    let read = 0
    async function* endless() {
      yield encode('fine\n')
      for (;;) {
        read += 1 << 20
        yield new Uint8Array(1 << 20)
      }
    }
    const packing = async () => {
      for await (const _ of packLines(endless(), { quoted: false, header: false }));
    }
    await expect(packing()).rejects.toThrow(/^Line 2 is longer than 4194304 bytes\./)
    expect(read).toBeLessThan(8 << 20)
    const longest = new Uint8Array(programLimits.lineBytes).fill(97)
    expect((await pack(longest, { pieceBytes: 65_536 })).lines).toHaveLength(1)
  })

  test('error: a quote that never ends is named by the line that its record begins on', async () => {
    const packing = pack('a,"b\n"\nc\nd,"e\nf\n', { quoted: true })
    await expect(packing).rejects.toThrow('The record that begins on line 4 has a quote that never ends.')
  })

  test('error: a header that is no text, or too long', async () => {
    await expect(pack(new Uint8Array([0xff, 0x0a]), { header: true })).rejects.toThrow(/^The header is no UTF-8 text\./)
    const long = encode(`${'x'.repeat(programLimits.headerLength + 1)}\n`)
    await expect(pack(long, { header: true, pieceBytes: 9999 })).rejects.toThrow(PostingError)
  })
})

describe('readPackLine', () => {
  test.each([
    ['nothing', [], 0],
    ['no such line', [1, 0, 0, 0, 1, 0, 0, 0, 97], 1],
    ['a line before the first', [1, 0, 0, 0, 1, 0, 0, 0, 97], -1],
    ['more lines than bytes', [255, 255, 255, 255, 0, 0, 0, 0], 0],
    ['an end outside', [1, 0, 0, 0, 9, 0, 0, 0, 97], 0],
    ['ends that go back', [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 97], 1],
  ])('error: %s', (_, bytes, line) => {
    expect(() => readPackLine(new Uint8Array(bytes), line)).toThrow(MalformedBytesError)
  })

  test('behavior: any bytes are a line or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), (bytes, line) => {
        try {
          readPackLine(new Uint8Array(bytes), line)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBytesError)
        }
      }),
    )
  })
})

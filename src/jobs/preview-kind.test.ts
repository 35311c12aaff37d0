import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { previewKind } from './preview-kind.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const kindOf = (bytes: Uint8Array, isWhole = true) => previewKind(bytes, isWhole).kind

describe('previewKind', () => {
  test('default', () => {
    expect(previewKind(utf8('the answer is 42\n'), true)).toEqual({ kind: 'text', text: 'the answer is 42\n' })
    expect(previewKind(utf8('1 2\n3 4\n'), true)).toMatchObject({ kind: 'numbers', table: { rows: { length: 2 } } })
    expect(kindOf(new Uint8Array())).toBe('empty')
  })

  test('behavior: pictures by their signature, also where only their beginning is there', () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])
    expect(previewKind(png, false)).toEqual({ kind: 'image', mediaType: 'image/png' })
    expect(previewKind(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), true)).toMatchObject({ mediaType: 'image/jpeg' })
    expect(previewKind(utf8('GIF89a..'), true)).toMatchObject({ mediaType: 'image/gif' })
    expect(previewKind(utf8('RIFFxxxxWEBPVP8 '), true)).toMatchObject({ mediaType: 'image/webp' })
    expect(kindOf(utf8('RIFFxxxxWAVEfmt '))).toBe('text')
    expect(kindOf(png.subarray(0, 7))).toBe('bytes')
  })

  test('behavior: a character that is cut at the end of the beginning is no mistake', () => {
    const bytes = utf8('水车').subarray(0, 5)
    expect(previewKind(bytes, false)).toEqual({ kind: 'text', text: '水' })
    expect(kindOf(bytes)).toBe('bytes')
  })

  test('behavior: control characters and what is no UTF-8 are bytes', () => {
    expect(kindOf(utf8('\u001b[31mred'))).toBe('bytes')
    expect(kindOf(new Uint8Array([0, 1, 2]))).toBe('bytes')
    expect(kindOf(new Uint8Array([0xc3, 0x28]))).toBe('bytes')
    expect(kindOf(utf8('tab\tand\r\nline\f'))).toBe('text')
  })

  test('behavior: text is shown as it is, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), text => {
        const preview = previewKind(utf8(text), true)
        if (preview.kind === 'text') expect(preview.text).toBe(text.replace(/^\uFEFF/, ''))
      }),
    )
  })
})

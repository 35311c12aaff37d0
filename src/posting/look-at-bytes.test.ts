import { describe, expect, test } from 'vitest'
import { hexRows, lookAt } from './look-at-bytes.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('lookAt', () => {
  test('default', () => {
    expect(lookAt(bytesOf('9592\n'))).toEqual({ kind: 'text', text: '9592\n', isCut: false })
    expect(lookAt(new Uint8Array())).toEqual({ kind: 'empty' })
  })
  test('behavior: long texts are cut, also within a character', () => {
    const look = lookAt(bytesOf(`x${'水'.repeat(4000)}`))
    expect(look).toMatchObject({ kind: 'text', isCut: true })
    expect(look.kind === 'text' && look.text.endsWith('水')).toBe(true)
  })
  test('behavior: bytes that are no text are shown as numbers', () => {
    expect(lookAt(new Uint8Array([0, 65, 255]))).toMatchObject({ kind: 'hex', isCut: false })
    expect(lookAt(new Uint8Array(5000).fill(255))).toMatchObject({ kind: 'hex', isCut: true })
  })
  test('behavior: pictures by their first bytes, and only where there is more than those', () => {
    const png = new Uint8Array(100)
    png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    expect(lookAt(png)).toEqual({ kind: 'image', mime: 'image/png' })
    expect(lookAt(png.subarray(0, 8)).kind).toBe('hex')
  })
})

describe('hexRows', () => {
  test('default', () => {
    expect(hexRows(bytesOf('abcdefghijklmnop\n'), 32)).toEqual([
      { at: 32, hex: '61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70', text: 'abcdefghijklmnop' },
      { at: 48, hex: '0a', text: '·' },
    ])
  })
})

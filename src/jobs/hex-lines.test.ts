import { describe, expect, test } from 'vitest'
import { hexLines } from './hex-lines.ts'

describe('hexLines', () => {
  test('default', () => {
    expect(hexLines(new Uint8Array([0, 255, 65, 126]), 64)).toEqual([
      { offset: '0000', hex: '00 ff 41 7e', ascii: '··A~' },
    ])
  })

  test('behavior: sixteen a line, and no more than wanted', () => {
    const lines = hexLines(new Uint8Array(100), 40)
    expect(lines.map(({ offset, ascii }) => [offset, ascii.length])).toEqual([
      ['0000', 16],
      ['0010', 16],
      ['0020', 8],
    ])
    expect(hexLines(new Uint8Array(), 40)).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readNumberTable } from './number-table.ts'

describe('readNumberTable', () => {
  test('default', () => {
    expect(readNumberTable('1 2.5\n-3 4e-7\n', true)).toEqual({
      rows: [
        ['1', '2.5'],
        ['-3', '4e-7'],
      ],
    })
  })

  test('behavior: commas, semicolons, tabs, line ends of Windows and a header', () => {
    const rows = [
      ['1', '2'],
      ['3', '4'],
    ]
    expect(readNumberTable('1,2\r\n3, 4\r\n', true)).toEqual({ rows })
    expect(readNumberTable('1;2\n3;4', true)).toEqual({ rows })
    expect(readNumberTable('x\ty\n1\t2\n3\t4\n', true)).toEqual({ header: ['x', 'y'], rows })
  })

  test('behavior: digits stay as they are written', () => {
    expect(readNumberTable('123456789012345678901234567890 0.10\n', true)?.rows).toEqual([
      ['123456789012345678901234567890', '0.10'],
    ])
  })

  test('behavior: a cut last line does not count', () => {
    expect(readNumberTable('1 2\n3 4\n5', false)?.rows).toHaveLength(2)
    expect(readNumberTable('1 2\n3 4\n5', true)).toBeUndefined()
  })

  test('behavior: words, rows of different lengths, a gap and a single column are no table', () => {
    for (const text of [
      '',
      '\n',
      '42\n',
      '1\n2\n3\n',
      'one two\nthree four\n',
      '1 2\n3\n',
      '1,2\n\n3,4\n',
      '1,,2\n3,4,5\n',
      'a,b\n',
    ])
      expect(readNumberTable(text, true)).toBeUndefined()
  })

  test('behavior: reads every table of numbers that is written', () => {
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain(width => fc.array(fc.array(fc.double(), { minLength: width, maxLength: width }), { minLength: 2 }))
    fc.assert(
      fc.property(table, fc.constantFrom(' ', ',', ';', '\t'), (rows, separator) => {
        const text = rows.map(row => `${row.join(separator)}\n`).join('')
        expect(readNumberTable(text, true)?.rows).toEqual(rows.map(row => row.map(String)))
      }),
    )
  })
})

import { describe, expect, test } from 'vitest'
import { lineAndColumn } from './line-and-column.ts'

describe('lineAndColumn', () => {
  test('default', () => {
    expect(lineAndColumn('ab\ncd', 0)).toEqual({ line: 1, column: 1 })
    expect(lineAndColumn('ab\ncd', 2)).toEqual({ line: 1, column: 3 })
    expect(lineAndColumn('ab\ncd', 4)).toEqual({ line: 2, column: 2 })
  })
})

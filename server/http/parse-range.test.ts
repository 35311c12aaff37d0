import { describe, expect, test } from 'vitest'
import { parseRange } from './parse-range.ts'

describe('parseRange', () => {
  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-', 0, 10],
    ['bytes=3-5', 3, 6],
    ['bytes=9-99', 9, 10],
    ['bytes=-4', 6, 10],
    ['bytes=-99', 0, 10],
  ])('default: %s', (header, from, to) => {
    expect(parseRange(header, 10)).toEqual({ kind: 'part', range: { from, to } })
  })

  test.each([undefined, 'bytes=', 'bytes=-', 'bytes=5-3', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=a-b'])(
    'behavior: %s asks for everything',
    header => {
      expect(parseRange(header, 10)).toEqual({ kind: 'all' })
    },
  )

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('error: %s asks for bytes that are not there', header => {
    expect(parseRange(header, 10)).toEqual({ kind: 'unsatisfiable' })
  })
})

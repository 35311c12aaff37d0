import { describe, expect, test } from 'vitest'
import { findPathConflict } from './find-path-conflict.ts'

describe('findPathConflict', () => {
  test('default', () => {
    expect(findPathConflict(['data', 'data/a.txt'])).toEqual(['data', 'data/a.txt'])
  })

  test('behavior: paths that get on', () => {
    expect(findPathConflict([])).toBeUndefined()
    expect(findPathConflict(['a/b', 'a/c', 'ab', 'a-b', 'b/a'])).toBeUndefined()
  })

  test('behavior: a file above a deep path, whichever comes first', () => {
    expect(findPathConflict(['a/b/c/d', 'a/b'])).toEqual(['a/b', 'a/b/c/d'])
    expect(findPathConflict(['a', 'a/b/c/d'])).toEqual(['a', 'a/b/c/d'])
  })

  test('behavior: the same path twice', () => {
    expect(findPathConflict(['a/b', 'c', 'a/b'])).toEqual(['a/b', 'a/b'])
  })
})

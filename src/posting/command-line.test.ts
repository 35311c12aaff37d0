import { describe, expect, test } from 'vitest'
import { commandLine } from './command-line.ts'

describe('commandLine', () => {
  test('default', () => {
    expect(commandLine(['--from=1', 'data/a.csv'])).toBe('program --from=1 data/a.csv')
  })
  test('behavior: what a shell would take apart is quoted', () => {
    expect(commandLine(['a b', '', "it's", '$HOME'])).toBe(`program 'a b' '' 'it'\\''s' '$HOME'`)
  })
})

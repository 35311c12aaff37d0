import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Split } from '../../protocol/program.ts'
import { emptyDraft, type InputDraft } from './draft.ts'
import { inputGaps, knownPlaceholders, readArguments, readRange, readValues } from './read-split.ts'

const input = (change: Partial<InputDraft>): InputDraft => ({ ...emptyDraft.input, ...change })
const kinds = (change: Partial<InputDraft>, program: 'reactor' | 'wasi' = 'wasi') =>
  inputGaps(input(change), program).map(({ kind }) => kind)
const file = (path: string) => ({ id: path, path, bytes: 1 })

describe('inputGaps', () => {
  test('default', () => {
    expect(kinds({})).toEqual([])
  })

  test('behavior: every way says what it needs', () => {
    expect(kinds({ way: 'lines' })).toEqual(['noLines'])
    expect(kinds({ way: 'files' })).toEqual(['noFiles'])
    expect(kinds({ way: 'sweep', sweep: [{ name: 'x', values: ' ' }] })).toEqual(['sweepValues'])
    expect(kinds({ from: 'one', to: '', size: '0' })).toEqual(['whole', 'whole', 'size'])
    expect(kinds({ from: '9', to: '8' })).toEqual(['order'])
  })

  test('behavior: arguments may name what the split has, and nothing else', () => {
    expect(kinds({ arguments: '--from={from}\n{to}\n{index} {{x}}' })).toEqual([])
    expect(inputGaps(input({ arguments: '{seed}' }), 'wasi')).toEqual([
      { kind: 'placeholder', name: 'seed', known: ['index', 'from', 'to'] },
    ])
    expect(kinds({ arguments: '{seed}' }, 'reactor')).toEqual([])
    expect(kinds({ way: 'sweep', sweep: [{ name: 'seed', values: '1' }], arguments: '{seed}' })).toEqual([])
    expect(kinds({ way: 'files', files: [file('a')], arguments: '{file}' })).toEqual([])
  })

  test('error: paths that leave the tree, or that two files share', () => {
    expect(kinds({ way: 'files', files: [file('../a')] })).toContain('path')
    expect(kinds({ way: 'files', files: [file('a'), file('a')] }, 'reactor')).toEqual(['samePath'])
    expect(kinds({ shared: [file('a'), file('a')] })).toEqual(['samePath'])
    expect(kinds({ way: 'files', files: [file('a')], shared: [file('a')] })).toEqual(['samePath'])
  })

  test('error: files that one task cannot see together', () => {
    const large = { id: 'x', path: 'x', bytes: 300 << 20 }
    expect(kinds({ shared: [file('data'), file('data/a')] })).toEqual(['pathConflict'])
    expect(kinds({ way: 'files', files: [file('data/a')], shared: [file('data')] })).toEqual(['pathConflict'])
    expect(kinds({ way: 'files', files: [file('data/a'), file('data')] })).toEqual([])
    expect(kinds({ way: 'files', files: [large], shared: [{ ...large, path: 'y' }] })).toEqual(['taskBytes'])
    expect(kinds({ way: 'files', files: [large, { ...large, path: 'y' }] })).toEqual([])
    expect(kinds({ shared: Array.from({ length: 101 }, (_, at) => file(`${at}`)) })).toEqual(['sharedFiles'])
  })

  test('error: names of a sweep that are none, or twice', () => {
    const rows = (...names: string[]) => names.map(name => ({ name, values: '1' }))
    expect(kinds({ way: 'sweep', sweep: rows('1x') })).toContain('sweepName')
    expect(kinds({ way: 'sweep', sweep: rows('x', 'x') })).toContain('sweepTwice')
    expect(kinds({ arguments: 'a\n'.repeat(65) })).toEqual(['tooManyArguments'])
  })

  test('behavior: a range without gaps is one that the server takes', () => {
    const text = fc.oneof(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String), fc.string({ maxLength: 4 }))
    fc.assert(
      fc.property(text, text, text, (from, to, size) => {
        const range = input({ from, to, size })
        if (inputGaps(range, 'wasi').length > 0) return
        expect(Split.safeParse(readRange(range)).success).toBe(true)
      }),
    )
  })
})

describe('readValues', () => {
  test('default', () => {
    expect(readValues('1, 2,,3 ')).toEqual(['1', '2', '3'])
  })
  test('behavior: on lines of their own, values may hold commas', () => {
    expect(readValues('1,5\n2,5\n')).toEqual(['1,5', '2,5'])
  })
})

describe('readArguments', () => {
  test('default', () => {
    expect(readArguments('-v\n\n a b\n')).toEqual(['-v', ' a b'])
  })
})

describe('knownPlaceholders', () => {
  test('default', () => {
    expect(knownPlaceholders(input({ way: 'lines' }))).toEqual(['index'])
    expect(knownPlaceholders(input({ way: 'sweep', sweep: [{ name: '', values: '' }] }))).toEqual(['index'])
  })
})

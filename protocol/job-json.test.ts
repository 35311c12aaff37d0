import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { JobFileDescription, jobFileProblems, jobFileSchema } from './job-json.ts'

z.config(z.locales.en())

const program = { title: 'Count', program: 'count.wasm', input: { kind: 'range', from: 1, to: '100', size: 10 } }

function problemsOf(value: unknown): string[] {
  const { error } = JobFileDescription.safeParse(value)
  return error === undefined ? [] : jobFileProblems(error)
}

describe('JobFileDescription', () => {
  test('default', () => {
    expect(JobFileDescription.parse(program)).toEqual(program)
  })

  test.each([
    { kind: 'range', from: '-9223372036854775808', to: 9 },
    { kind: 'lines', file: 'words.txt' },
    { kind: 'lines', file: 'table.tsv', format: 'csv', header: false },
    { kind: 'files', files: ['data/**/*.pdb', 'more.pdb'] },
    { kind: 'archive', file: 'ligands.tar.gz' },
    { kind: 'sweep', values: { angle: [0, 0.5, '1e-3'], seed: [1, 2] } },
  ])('behavior: takes the input %j', input => {
    expect(problemsOf({ ...program, input })).toEqual([])
  })

  test('behavior: takes a built-in kernel with its parameters', () => {
    expect(problemsOf({ title: 'x', kernel: 'collatz-records', parameters: { from: '1' } })).toEqual([])
  })

  test.each([
    [{}, ['title: expected string, and it is missing.']],
    [
      { title: 'x' },
      ['expected either "program", the path of a .wasm file, or "kernel", the id of a built-in kernel.'],
    ],
    [
      { ...program, kernel: 'k', parameters: {} },
      [
        'expected either "program", the path of a .wasm file, or "kernel", the id of a built-in kernel.',
        '"parameters" belong to a built-in kernel; a program has "arguments" and "input".',
        'a built-in kernel has "parameters" alone: no "arguments", "stdin", "input" or "shared".',
      ],
    ],
    [{ title: 'x', kernel: 'k' }, ['a built-in kernel needs its "parameters".']],
    [{ title: 'x', program: 'p' }, ['a program needs its "input": how the job becomes tasks.']],
    [{ ...program, colour: 1 }, ['there is no "colour" here.']],
    [
      { ...program, input: { kind: 'range', from: 'one', to: 3 } },
      ['input.from: expected a whole number of 64 bits; past 2^53 write it as text.'],
    ],
    [
      { ...program, input: { kind: 'range', from: '9223372036854775808', to: 3 } },
      ['input.from: expected a whole number of 64 bits; past 2^53 write it as text.'],
    ],
    [
      { ...program, input: { kind: 'folder' } },
      ["input.kind: Invalid discriminator value. Expected 'range' | 'lines' | 'files' | 'archive' | 'sweep'."],
    ],
    [
      { ...program, shared: [{ file: 'a', path: '../a' }] },
      ['shared.0.path: expected names with / between, none of them . or ..'],
    ],
    [
      { ...program, shared: [7] },
      ['shared.0: expected a path, or {"file": path, "path": where the program finds it}.'],
    ],
    [
      { ...program, input: { kind: 'sweep', values: { seed: [] } } },
      ['input.values.seed: expected at least one value.'],
    ],
    [{ ...program, policy: { minReplicas: 99 } }, ['policy.minReplicas: Too big: expected number to be <=8.']],
  ])('error: %j', (value, sentences) => {
    expect(problemsOf(value)).toEqual(sentences)
  })
})

describe('jobFileSchema', () => {
  test('default: asks for a title alone, and describes the rest', () => {
    const schema = jobFileSchema()
    expect(schema.required).toEqual(['title'])
    expect(Object.keys(schema.properties ?? {})).toEqual(Object.keys(JobFileDescription.shape))
    expect(schema.additionalProperties).toBe(false)
  })
})

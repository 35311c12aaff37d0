import { describe, expect, test } from 'vitest'
import { toBase64Url } from '../../protocol/bytes.ts'
import type { Digest } from '../../protocol/digest.ts'
import { quoteBytes, refusalOf, sampleLine } from './describe-trial.ts'

const bytes = (text: string) => toBase64Url(new TextEncoder().encode(text))

describe('sampleLine', () => {
  test('default', () => {
    const sample = {
      ...{ index: '3', outputDigest: '0'.repeat(64) as Digest, outputBytes: 5, outputHead: bytes('1\n2\n3') },
      ...{ log: '', elapsedMs: 312.4, memoryBytes: 3 << 19 },
    }
    expect(sampleLine(sample)).toBe('  task 3: 0.31 s, 1.5 MB of memory, 5 bytes of output: "1\\n2\\n3"')
  })
})

describe('quoteBytes', () => {
  test('default', () => {
    expect(quoteBytes(bytes('a'.repeat(70)))).toBe(`"${'a'.repeat(60)}"...`)
  })

  test('behavior: what is no text is hexadecimal', () => {
    expect(quoteBytes(toBase64Url(new Uint8Array([0xff, 0, 1])))).toBe('ff0001')
  })
})

describe('refusalOf', () => {
  test('behavior: shows both answers', () => {
    const outcome = { kind: 'different' as const, index: '0', firstDifference: 2, samples: [] }
    expect(refusalOf({ ...outcome, one: bytes('12'), other: bytes('17') })).toContain(
      'Two runs of task 0 gave different bytes, from byte 2 on: "12" and "17".',
    )
  })

  test('behavior: shows the log of a task that failed', () => {
    const outcome = { kind: 'failed' as const, index: '4', reason: 'It ended with exit code 1.', samples: [] }
    expect(refusalOf({ ...outcome, log: 'no such file\n' })).toBe(
      'Task 4 failed, as it would on every device: It ended with exit code 1.\nWhat the program wrote to its log:\nno such file',
    )
    expect(refusalOf({ ...outcome, log: '' })).toMatch(/exit code 1\.$/)
  })

  test('behavior: passes on why a module is refused', () => {
    expect(refusalOf({ kind: 'refused', reason: 'It imports env.fetch.' })).toBe(
      'The server does not take this job: It imports env.fetch.',
    )
  })
})

import { describe, expect, test } from 'vitest'
import { tellsProgress } from './tells-progress.ts'

describe('tellsProgress', () => {
  const command = { kernelId: 'program', parameters: { kind: 'wasi' } }

  test('default', () => {
    expect(tellsProgress(command, 0)).toBe(false)
  })

  test('behavior: a command that has told once tells', () => {
    expect(tellsProgress(command, 0.01)).toBe(true)
  })

  test('behavior: reactors, built-in kernels and jobs that are not known here tell', () => {
    expect(tellsProgress({ kernelId: 'program', parameters: { kind: 'reactor' } }, 0)).toBe(true)
    expect(tellsProgress({ kernelId: 'climate-ebm', parameters: { kind: 'wasi' } }, 0)).toBe(true)
    expect(tellsProgress(undefined, 0)).toBe(true)
  })
})

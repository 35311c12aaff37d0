import { describe, expect, test } from 'vitest'
import { kernels } from './kernels.ts'
import { publishedChecks } from './published.ts'
import { loadKernel } from './testing.ts'

describe('publishedChecks', () => {
  test.each(Object.keys(kernels))('default: %s reproduces every published value', async id => {
    const kernel = await loadKernel(id)
    const checks = await publishedChecks[id]?.(async (_, input) => kernel.run(input))
    expect(checks?.length).toBeGreaterThan(10)
    expect(checks?.filter(({ agrees }) => !agrees)).toEqual([])
  })

  test('behavior: a wrong output is a disagreement', async () => {
    const kernel = await loadKernel('collatz-records')
    const checks = await publishedChecks['collatz-records']?.(async (_, input) => {
      const output = kernel.run(input)
      return output.with(0, (output[0] ?? 0) ^ 1)
    })
    expect(checks?.some(({ agrees }) => !agrees)).toBe(true)
  })
})

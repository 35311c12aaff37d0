import { describe, expect, test } from 'vitest'
import { climateEbm } from '../../wasm/climate-ebm/descriptor.ts'
import { collatzRecords } from '../../wasm/collatz-records/descriptor.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { parameterFields, readParameters } from './parameter-form.ts'

const read = (id: string, typed: Record<string, string>) => {
  const kernel = findKernel(id)
  if (kernel === undefined) throw new Error(`${id} is not built in.`)
  return readParameters(kernel, parameterFields(kernel, typed))
}
const issues = (id: string, typed: Record<string, string>) => {
  const found = read(id, typed)
  return found.kind === 'invalid' ? Object.fromEntries(found.issues) : {}
}

describe('readParameters', () => {
  test('default', () => {
    expect(read('collatz-records', { to: ' 9000 ', startsPerTask: '1000' })).toEqual({
      kind: 'valid',
      parameters: { ...collatzRecords.seed, to: '9000', startsPerTask: 1000 },
    })
    expect(read('climate-ebm', {})).toEqual({ kind: 'valid', parameters: climateEbm.seed })
  })

  test('error: each field by itself, in terms that every language has words for', () => {
    expect(issues('collatz-records', { startsPerTask: '0' })).toEqual({
      startsPerTask: { kind: 'atLeast', bound: '1' },
    })
    expect(issues('climate-ebm', { feedbackMean: '99' })).toEqual({ feedbackMean: { kind: 'atMost', bound: '5' } })
    expect(issues('climate-ebm', { feedbackMean: '' })).toEqual({ feedbackMean: { kind: 'number' } })
    expect(issues('collatz-records', { from: 'x' }).from).toMatchObject({ kind: 'own' })
  })

  test('error: what no field alone is to blame for', () => {
    expect(issues('collatz-records', { from: '9', to: '8' })).toEqual({
      '': { kind: 'own', text: 'expected the first start not to be after the last' },
    })
  })
})

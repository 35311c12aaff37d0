import { describe, expect, test } from 'vitest'
import { postEn } from './post-en.ts'
import { postZh } from './post-zh.ts'

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

describe('catalogues of the posting form', () => {
  test('default', () => {
    for (const catalogue of [postEn, postZh]) expect(textsOf(catalogue).filter(text => text.trim() === '')).toEqual([])
  })

  test('behavior: nothing but names is left in English', () => {
    const english = new Set(textsOf(postEn))
    expect(textsOf(postZh).filter(text => english.has(text))).toEqual([])
  })

  test('behavior: English counts one and many', () => {
    expect(postEn.preview.title(1n)).toBe('1 task')
    expect(postEn.preview.title(2n)).toBe('2 tasks')
    expect(postEn.check.passedText(1, false)).toContain('1.00 credit:')
    expect(postEn.check.passedText(0.0021, false)).toContain('0.0021 credits')
  })
})

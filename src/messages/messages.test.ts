import { describe, expect, test } from 'vitest'
import { en } from './en.ts'
import { jobEn } from './job-en.ts'
import { jobZh } from './job-zh.ts'
import { chooseLanguage } from './language.ts'
import { zh } from './zh.ts'

/** Paths of all texts with their kind, so that two catalogues can be laid side by side. */
function shapeOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    const kind = typeof value === 'function' ? `function of ${value.length}` : typeof value
    return [`${path}: ${kind}`]
  }
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`))
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** A function may leave arguments that its language has no use for unnamed. */
const withoutCounts = (shape: string[]) => shape.map(line => line.replace(/function of \d/, 'function')).sort()

describe('catalogues', () => {
  test('default', () => {
    expect(withoutCounts(shapeOf(zh))).toEqual(withoutCounts(shapeOf(en)))
    expect(withoutCounts(shapeOf(jobZh))).toEqual(withoutCounts(shapeOf(jobEn)))
  })

  test('behavior: the texts about jobs are all there, none left in English', () => {
    const english = new Set(textsOf(jobEn))
    expect(textsOf(jobZh).filter(text => text.trim() === '' || english.has(text))).toEqual([])
  })

  test('behavior: only the cell for "not found here" and the totals before their first word are empty', () => {
    for (const catalogue of [en, zh]) expect(textsOf(catalogue).filter(text => text.trim() === '')).toHaveLength(2)
  })

  test('behavior: nothing but names, units and the API is left in English', () => {
    const english = new Set(textsOf(en))
    const same = textsOf(zh).filter(text => english.has(text))
    expect(same.sort()).toEqual(['', '', '%', 'API', 'Tidemill'])
  })

  test('behavior: English counts one and many', () => {
    expect(en.bar.computing(1)).toBe('1 core at work')
    expect(en.bar.computing(2)).toBe('2 cores at work')
    expect(en.compute.reason.accepted(1)).toContain('Another account')
    expect(en.compute.reason.accepted(2)).toContain('2 other accounts')
    expect(en.network.active(1)).toBe('device active')
  })
})

describe('chooseLanguage', () => {
  test('default', () => {
    expect(chooseLanguage('auto', ['fr-CH', 'zh-Hant-TW', 'en'])).toBe('zh')
  })
  test('behavior: a choice stands above the browser', () => {
    expect(chooseLanguage('en', ['zh'])).toBe('en')
  })
  test('behavior: English where the page speaks none of them', () => {
    expect(chooseLanguage('auto', ['fr', 'de'])).toBe('en')
    expect(chooseLanguage('auto', [])).toBe('en')
  })
})

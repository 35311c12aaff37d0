import { describe, expect, test } from 'vitest'
import { defaultCores, parsePreferences } from './schema.ts'

describe('parsePreferences', () => {
  test('default', () => {
    const preferences = parsePreferences(undefined)
    expect(preferences).toMatchObject({ theme: 'auto', language: 'auto', consentedAt: '', cpuPercent: 100 })
    expect(preferences.pauseWhenHidden).toBe(false)
  })
  test('behavior: what is damaged falls back alone', () => {
    const text = JSON.stringify({ theme: 'neon', cpuPercent: 5, cores: 3, consentedAt: '2026-11-22T10:00:00.000Z' })
    expect(parsePreferences(text)).toMatchObject({
      theme: 'auto',
      cpuPercent: 100,
      cores: 3,
      consentedAt: '2026-11-22T10:00:00.000Z',
    })
  })
  test('behavior: nothing readable is nobody who agreed', () => {
    for (const text of ['', '{', '[]', 'null', '"x"']) expect(parsePreferences(text).consentedAt).toBe('')
  })
})

describe('defaultCores', () => {
  test('default', () => {
    expect([1, 2, 3, 8, 12].map(defaultCores)).toEqual([1, 1, 1, 4, 6])
  })
})

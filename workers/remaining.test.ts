import { describe, expect, test } from 'vitest'
import { remainingMs } from './remaining.ts'

describe('remainingMs', () => {
  test('default', () => {
    expect(remainingMs({ doneFrom: 0, progress: 0.25, sinceMs: 2000 })).toBe(6000)
  })

  test('behavior: what an earlier run did says nothing of the speed of this one', () => {
    expect(remainingMs({ doneFrom: 0.5, progress: 0.75, sinceMs: 2000 })).toBe(2000)
  })

  test('behavior: says nothing before it can be told', () => {
    expect(remainingMs({ doneFrom: 0, progress: 0.5, sinceMs: 999 })).toBeUndefined()
    expect(remainingMs({ doneFrom: 0.5, progress: 0.5, sinceMs: 60_000 })).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import { sha256 } from './digest.ts'
import { provesWork, solveWork } from './hashcash.ts'

const never = new AbortController().signal

describe('solveWork', () => {
  test('default: what it finds proves the work, on this challenge alone', async () => {
    const nonce = await solveWork('a', 10, never)
    expect(await provesWork('a', nonce, 10)).toBe(true)
    const others = await Promise.all(Array.from({ length: 8 }, (_, at) => provesWork(`b${at}`, nonce, 10)))
    expect(others).toContain(false)
  })

  test('behavior: bits are counted within a digit', async () => {
    for (const difficulty of [1, 2, 3, 5, 9]) {
      const nonce = await solveWork('c', difficulty, never)
      const digest = await sha256(new TextEncoder().encode(`tidemill work\nc\n${nonce}`))
      const bits = [...digest].map(digit => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('')
      expect(bits.slice(0, difficulty)).toBe('0'.repeat(difficulty))
    }
  })

  test('error: an abort ends it with the reason', async () => {
    const aborting = new AbortController()
    const solved = solveWork('d', 200, aborting.signal)
    aborting.abort(new RangeError('enough'))
    await expect(solved).rejects.toThrow('enough')
  })
})

import { describe, expect, test } from 'vitest'
import { createTurns } from './turns.ts'

describe('createTurns', () => {
  test('default: so many at a time, in their order, also where one fails', async () => {
    const inTurn = createTurns(2)
    const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
    const begun: number[] = []
    const ends = gates.map(({ promise }, at) =>
      inTurn(async () => {
        begun.push(at)
        await promise
        return at
      }),
    )
    expect(begun).toEqual([0, 1])
    gates[1]?.reject(new Error('broken'))
    await expect(ends[1]).rejects.toThrow('broken')
    expect(begun).toEqual([0, 1, 2])
    for (const [at, { resolve }] of gates.entries()) {
      resolve()
      if (at !== 1) expect(await ends[at]).toBe(at)
    }
    expect(begun).toEqual([0, 1, 2, 3, 4])
    expect(await inTurn(async () => 'free again')).toBe('free again')
  })
})

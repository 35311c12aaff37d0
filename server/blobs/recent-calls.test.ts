import { describe, expect, test } from 'vitest'
import { createRecentCalls } from './recent-calls.ts'

function setUp() {
  let now = 0
  let begun = 0
  const call = createRecentCalls<number>({ now: () => now, keptMs: 1000 })
  return {
    begin: (key: string, end: Promise<unknown> = Promise.resolve()) =>
      call(key, async () => {
        const own = ++begun
        await end
        return own
      }),
    wait: (ms: number) => {
      now += ms
    },
  }
}

describe('createRecentCalls', () => {
  test('default: repeated while it runs, and for a while after', async () => {
    const { begin, wait } = setUp()
    const first = Promise.withResolvers<void>()
    const both = [begin('a', first.promise), begin('a')]
    first.resolve()
    expect(await Promise.all(both)).toEqual([1, 1])
    wait(1000)
    expect(await begin('a')).toBe(1)
    expect(await begin('b')).toBe(2)
    wait(1)
    expect(await begin('a')).toBe(3)
  })

  test('behavior: a call that runs is kept, however long and however many', async () => {
    const { begin, wait } = setUp()
    const end = Promise.withResolvers<void>()
    const running = begin('slow', end.promise)
    for (let index = 0; index < 1200; index++) await begin(`${index}`)
    wait(9000)
    const again = begin('slow')
    end.resolve()
    expect(await Promise.all([running, again])).toEqual([1, 1])
  })

  test('error: a failure is forgotten', async () => {
    const { begin } = setUp()
    await expect(begin('a', Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await begin('a')).toBe(2)
  })
})

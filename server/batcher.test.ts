import { describe, expect, test } from 'vitest'
import { createBatcher } from './batcher.ts'

describe('createBatcher', () => {
  test('default: items that arrive together are written together', async () => {
    const batches: number[][] = []
    const batcher = createBatcher(async (items: readonly number[]) => {
      batches.push([...items])
      return items.map(item => item * 2)
    })
    expect(await Promise.all([batcher.add([1, 2]), batcher.add([3])])).toEqual([[2, 4], [6]])
    expect(batches).toEqual([[1, 2, 3]])
  })

  test('behavior: items that arrive during a write form the next batch', async () => {
    const started = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const batches: number[][] = []
    const batcher = createBatcher(async (items: readonly number[]) => {
      batches.push([...items])
      started.resolve()
      await gate.promise
      return items
    })
    const one = batcher.add([1])
    await started.promise
    const rest = [batcher.add([2]), batcher.add([3])]
    gate.resolve()
    await Promise.all([one, ...rest])
    expect(batches).toEqual([[1], [2, 3]])
  })

  test('behavior: a large crowd is written in several batches, each item once', async () => {
    const sizes: number[] = []
    const batcher = createBatcher(async (items: readonly number[]) => {
      sizes.push(items.length)
      return items
    })
    const crowd = Array.from({ length: 100 }, (_, at) => Array.from({ length: 64 }, (_, item) => at * 64 + item))
    expect(await Promise.all(crowd.map(items => batcher.add(items)))).toEqual(crowd)
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(6400)
  })

  test('error: a failed write fails its own batch alone', async () => {
    let isBroken = true
    const batcher = createBatcher(async (items: readonly number[]) => {
      if (isBroken) throw new Error('disk full')
      return items
    })
    await expect(batcher.add([1])).rejects.toThrow('disk full')
    isBroken = false
    expect(await batcher.add([2])).toEqual([2])
  })
})

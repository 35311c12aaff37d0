import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPublisher } from './publisher.ts'

describe('createPublisher', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('default', () => {
    let state = 0
    const told: number[] = []
    const publisher = createPublisher(() => state)
    publisher.subscribe(one => told.push(one))
    for (state = 1; state <= 100; state++) {
      publisher.publish()
      vi.advanceTimersByTime(10)
    }
    publisher.publish()
    expect(told[0]).toBe(1)
    expect(told.length).toBeLessThanOrEqual(5)
    vi.advanceTimersByTime(250)
    expect(told.at(-1)).toBe(101)
  })

  test('behavior: what a person asked for is told now', () => {
    const told: number[] = []
    const publisher = createPublisher(() => 7)
    const end = publisher.subscribe(one => told.push(one))
    publisher.publish('now')
    publisher.publish('now')
    expect(told).toEqual([7, 7])
    end()
    publisher.publish('now')
    expect(told).toEqual([7, 7])
  })

  test('behavior: until', async () => {
    let state = 0
    const publisher = createPublisher(() => state)
    const reached = publisher.until(() => state === 2)
    state = 2
    publisher.publish()
    await expect(reached).resolves.toBeUndefined()
    await expect(publisher.until(() => state === 2)).resolves.toBeUndefined()
  })
})

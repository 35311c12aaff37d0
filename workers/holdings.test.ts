import { describe, expect, test } from 'vitest'
import { createHoldings } from './holdings.ts'
import { createMemoryStore } from './memory-store.ts'
import { finishedOf, leaseOf, tokenOf } from './testing/leases.ts'

const checkpoint = { bytes: new Uint8Array([1, 2, 3]), progress: 0.25, elapsedMs: 1234 }

describe('createHoldings', () => {
  test('default', async () => {
    const store = createMemoryStore()
    const holdings = createHoldings(store)
    holdings.keepLease(leaseOf(1))
    holdings.keepLease(leaseOf(2))
    holdings.keepCheckpoint(tokenOf(2), checkpoint)
    await holdings.settled()
    const { held, finished } = await createHoldings(store).load()
    expect(held).toContainEqual({ lease: leaseOf(1) })
    expect(held).toContainEqual({ lease: leaseOf(2), checkpoint })
    expect(finished).toEqual([])
  })

  test('behavior: a result takes the place of its lease and checkpoint', async () => {
    const store = createMemoryStore()
    const holdings = createHoldings(store)
    holdings.keepLease(leaseOf(1))
    holdings.keepCheckpoint(tokenOf(1), checkpoint)
    holdings.keepResult(finishedOf(1))
    expect(await holdings.load()).toEqual({ held: [], finished: [finishedOf(1)] })
    expect(await store.list()).toHaveLength(1)
    holdings.drop(tokenOf(1))
    await holdings.settled()
    expect(await store.list()).toEqual([])
  })

  test('behavior: a lease beside its result, as a crash may leave them, is not computed again', async () => {
    const store = createMemoryStore()
    const holdings = createHoldings(store)
    holdings.keepResult(finishedOf(1))
    holdings.keepLease(leaseOf(1))
    expect(await holdings.load()).toEqual({ held: [], finished: [finishedOf(1)] })
  })

  test('error: what another version left is passed over', async () => {
    const store = createMemoryStore()
    for (const name of ['lease-1', 'result-1', 'checkpoint-1']) await store.put(name, new Uint8Array([123, 125]))
    await store.put('lease-2', new Uint8Array([1]))
    expect(await createHoldings(store).load()).toEqual({ held: [], finished: [] })
  })

  test('error: a store that takes no more does not stop the work', async () => {
    const full = { ...createMemoryStore(), put: () => Promise.reject(new Error('quota exceeded')) }
    const holdings = createHoldings(full)
    holdings.keepLease(leaseOf(1))
    await holdings.settled()
    expect(await holdings.load()).toEqual({ held: [], finished: [] })
  })
})

import { describe, expect, test } from 'vitest'
import { createMemoryStore } from './memory-store.ts'
import { createStock, type Stock } from './stock.ts'
import { finishedOf, leaseOf, tokenOf } from './testing/leases.ts'

const checkpoint = { bytes: new Uint8Array(2), progress: 0.5, elapsedMs: 100 }
const always = () => true
const reported = (stock: Stock) => stock.unreported.map(({ finished }) => finished.lease)

/** A store in which an earlier visit left leases 1 and 2 and the result of 3. */
async function visited() {
  const store = createMemoryStore()
  const stock = createStock(store)
  stock.add([leaseOf(1), leaseOf(2), leaseOf(3)])
  stock.finish(finishedOf(3))
  await stock.settled()
  return store
}

describe('createStock', () => {
  test('default', async () => {
    const stock = createStock(await visited())
    expect(await stock.takeUp(always)).toBe(true)
    expect([...stock.held.keys()].sort()).toEqual([tokenOf(1), tokenOf(2)])
    expect(reported(stock)).toEqual([tokenOf(3)])
  })

  test('behavior: takes up nothing that is wanted no more', async () => {
    const stock = createStock(await visited())
    expect(await stock.takeUp(() => false)).toBe(false)
    expect(stock.held.size).toBe(0)
  })

  test('behavior: what comes while it loads stays', async () => {
    const stock = createStock(await visited())
    const taken = stock.takeUp(always)
    stock.add([leaseOf(4)])
    await taken
    expect([...stock.held.keys()].sort()).toEqual([tokenOf(1), tokenOf(2), tokenOf(4)])
  })

  test('behavior: what is finished, dropped or goes on while it loads is not undone', async () => {
    const stock = createStock(await visited())
    await stock.takeUp(always)
    const taken = stock.takeUp(always)
    stock.finish(finishedOf(1))
    stock.checkpoint(tokenOf(2), checkpoint)
    stock.drop([tokenOf(3)])
    await taken
    expect([...stock.held]).toEqual([[tokenOf(2), { lease: leaseOf(2), checkpoint }]])
    expect(reported(stock)).toEqual([tokenOf(1)])
  })

  test('behavior: a lease whose result the store could not keep is not computed again', async () => {
    const store = createMemoryStore()
    const full = new Error('the store is full')
    const stock = createStock({
      ...store,
      put: async (name, bytes) => {
        if (name.startsWith('result-')) throw full
        await store.put(name, bytes)
      },
    })
    stock.add([leaseOf(1)])
    stock.finish(finishedOf(1))
    await stock.takeUp(always)
    expect(stock.held.size).toBe(0)
    expect(reported(stock)).toEqual([tokenOf(1)])
  })

  test('behavior: what another tab has done with a lease meanwhile counts, and its task may come again', async () => {
    const store = await visited()
    const [stock, other] = [createStock(store), createStock(store)]
    await Promise.all([stock.takeUp(always), other.takeUp(always)])
    other.drop([tokenOf(1)])
    await other.settled()
    await stock.takeUp(always)
    expect([...stock.held.keys()]).toEqual([tokenOf(2)])
    stock.add([leaseOf(5, { taskId: leaseOf(1).taskId })])
    expect(stock.held.has(tokenOf(5))).toBe(true)
  })
})

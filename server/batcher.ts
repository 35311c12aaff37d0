import { isRetryable } from './db/database.ts'

/** How much one batch may hold: more only make its statement, and all that wait for it, slower. */
const largestBatch = 2000

/**
 * Group commit: items that arrive while a batch is being written form the next one. An item's promise settles when its
 * own batch has been written, or has failed. A batch that fails for what is in it is written again in its parts, so that
 * nobody suffers for what another one sent.
 *
 * @param weightOf an item, where 1 is usual
 */
export function createBatcher<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
  weightOf: (item: Item) => number = () => 1,
) {
  interface Waiting {
    readonly items: readonly Item[]
    resolve(results: Result[]): void
    reject(error: unknown): void
  }
  const waiting: Waiting[] = []
  let draining: Promise<void> | undefined

  /** The longest run of waiting items that fits a batch, and at least one. */
  function takeBatch(): Waiting[] {
    let weight = 0
    let count = 0
    for (const { items } of waiting) {
      for (const item of items) weight += weightOf(item)
      if (count > 0 && weight > largestBatch) break
      count++
    }
    return waiting.splice(0, count)
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await write(batch.flatMap(({ items }) => items))
      let at = 0
      for (const { items, resolve } of batch) {
        resolve(results.slice(at, at + items.length))
        at += items.length
      }
    } catch (error) {
      if (batch.length > 1 && !isRetryable(error)) for (const part of batch) await writeBatch([part])
      else for (const { reject } of batch) reject(error)
    }
  }

  async function drain(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together share the first batch too.
    await new Promise(resolve => setImmediate(resolve))
    while (waiting.length > 0) await writeBatch(takeBatch())
    draining = undefined
  }

  return {
    /** @returns one result per item, once the items are written */
    add(items: readonly Item[]): Promise<Result[]> {
      return new Promise((resolve, reject) => {
        waiting.push({ items, resolve, reject })
        draining ??= drain()
      })
    },
    /** Items that wait for their batch. */
    queued: (): number => waiting.reduce((count, { items }) => count + items.length, 0),
    /** Resolves when nothing waits any more. */
    async idle(): Promise<void> {
      await draining
    },
  }
}

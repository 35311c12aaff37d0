import { once } from '../../protocol/once.ts'
import { createMemoryStore } from '../memory-store.ts'
import type { Store } from '../store.ts'
import type { Database } from './database.ts'
import { createIndexedDbStore } from './indexed-db-store.ts'
import { createOpfsStore, hasOpfs } from './opfs-store.ts'

/** The best store that this browser has: its private file system, else IndexedDB, else this visit's memory. */
export function createBrowserStore(openDatabase: () => Promise<Database>): Store {
  // Some private windows offer the first two and open one or neither. Then work goes on, and a reload begins anew.
  const open = once(async (): Promise<Store> => {
    const openIndexedDb = async () => createIndexedDbStore(await openDatabase())
    const best = hasOpfs() ? createOpfsStore('tidemill').catch(openIndexedDb) : openIndexedDb()
    return best.catch(createMemoryStore)
  })
  return {
    get: async name => (await open()).get(name),
    put: async (name, bytes) => (await open()).put(name, bytes),
    delete: async name => (await open()).delete(name),
    list: async () => (await open()).list(),
  }
}

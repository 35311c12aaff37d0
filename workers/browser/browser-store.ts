import { once } from '../../protocol/once.ts'
import { createMemoryStore } from '../memory-store.ts'
import type { Store } from '../store.ts'
import type { Database } from './database.ts'
import { createIndexedDbStore } from './indexed-db-store.ts'
import { createOpfsStore, hasOpfs } from './opfs-store.ts'

/** The best store that this browser has: its private file system, else IndexedDB, else this visit's memory. */
export function createBrowserStore(openDatabase: () => Promise<Database>): Store {
  const open = once(async (): Promise<Store> => {
    try {
      return hasOpfs() ? await createOpfsStore('tidemill') : createIndexedDbStore(await openDatabase())
    } catch {
      // Some private windows offer both and open neither. Work goes on; a reload begins anew.
      return createMemoryStore()
    }
  })
  return {
    get: async name => (await open()).get(name),
    put: async (name, bytes) => (await open()).put(name, bytes),
    delete: async name => (await open()).delete(name),
    list: async () => (await open()).list(),
  }
}

import type { Store } from '../store.ts'
import type { Database } from './database.ts'

/** A store in IndexedDB, for browsers without OPFS. */
export function createIndexedDbStore(database: Database): Store {
  return {
    get: name => database.get('files', name),
    async put(name, bytes) {
      // A view would be stored with the whole buffer behind it.
      await database.put('files', bytes.slice(), name)
    },
    delete: name => database.delete('files', name),
    list: () => database.getAllKeys('files'),
  }
}

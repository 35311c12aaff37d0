import { createKeyPair, type KeyStore } from '../device-key.ts'
import type { Database } from './database.ts'

/** The device key in IndexedDB: not extractable, so no script can read it, ours included. */
export function createIndexedDbKey(open: () => Promise<Database>): KeyStore {
  return {
    find: async () => (await open()).get('keys', 'device'),
    async findOrCreate() {
      const database = await open()
      const found = await database.get('keys', 'device')
      if (found) return found
      const fresh = await createKeyPair(false)
      // Another tab may have made one meanwhile: in one transaction, the first one stays.
      const transaction = database.transaction('keys', 'readwrite')
      const other = await transaction.store.get('device')
      if (!other) await transaction.store.put(fresh, 'device')
      await transaction.done
      return other ?? fresh
    },
  }
}

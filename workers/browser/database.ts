import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

interface Tables extends DBSchema {
  keys: { key: 'device'; value: CryptoKeyPair }
  files: { key: string; value: Uint8Array<ArrayBuffer> }
}

export type Database = IDBPDatabase<Tables>

/** The one IndexedDB database of the page: the device key, and files where the browser has no OPFS. */
export const openDatabase = (name: string): Promise<Database> =>
  openDB<Tables>(name, 1, {
    upgrade(database) {
      database.createObjectStore('keys')
      database.createObjectStore('files')
    },
  })

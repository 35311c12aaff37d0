import type { Store } from './store.ts'

/** A store for one visit. */
export function createMemoryStore(): Store {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    async get(name) {
      return entries.get(name)?.slice()
    },
    async put(name, bytes) {
      entries.set(name, bytes.slice())
    },
    async delete(name) {
      entries.delete(name)
    },
    async list() {
      return [...entries.keys()]
    },
  }
}

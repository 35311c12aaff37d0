import type { Store } from '../store.ts'

/** One promise of {@link Store}, as a check that rejects where it is broken. */
export interface StoreCheck {
  readonly promise: string
  check(store: Store): Promise<void>
}

const bytesOf = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values)

function expectEqual(found: unknown, wanted: unknown): void {
  const [foundText, wantedText] = [found, wanted].map(value => JSON.stringify(value) ?? 'nothing')
  if (foundText !== wantedText) throw new Error(`expected ${wantedText}, found ${foundText}`)
}

const contentOf = async (store: Store, name: string) => {
  const bytes = await store.get(name)
  return bytes && [...bytes]
}

/**
 * What every store must do, free of any test framework, so that it also runs inside a browser page.
 * Each check wants an empty store.
 */
export const storeContract: readonly StoreCheck[] = [
  {
    promise: 'gives back what was put',
    async check(store) {
      await store.put('lease-1', bytesOf(1, 2, 3))
      expectEqual(await contentOf(store, 'lease-1'), [1, 2, 3])
    },
  },
  {
    promise: 'keeps empty bytes apart from nothing',
    async check(store) {
      await store.put('empty', bytesOf())
      expectEqual(await contentOf(store, 'empty'), [])
      expectEqual(await contentOf(store, 'absent'), undefined)
    },
  },
  {
    promise: 'replaces, also by fewer bytes',
    async check(store) {
      await store.put('name', bytesOf(1, 2, 3, 4))
      await store.put('name', bytesOf(9))
      expectEqual(await contentOf(store, 'name'), [9])
      expectEqual(await store.list(), ['name'])
    },
  },
  {
    promise: 'puts only the bytes of a view, not its whole buffer',
    async check(store) {
      await store.put('view', bytesOf(1, 2, 3, 4, 5).subarray(1, 3))
      expectEqual(await contentOf(store, 'view'), [2, 3])
    },
  },
  {
    promise: 'holds copies, not the caller’s array',
    async check(store) {
      const bytes = bytesOf(1)
      await store.put('copy', bytes)
      bytes[0] = 7
      const got = await store.get('copy')
      got?.fill(8)
      expectEqual(await contentOf(store, 'copy'), [1])
    },
  },
  {
    promise: 'lists what is there, and deletes',
    async check(store) {
      for (const name of ['b.1', 'a-2', 'C_3']) await store.put(name, bytesOf(0))
      expectEqual((await store.list()).sort(), ['C_3', 'a-2', 'b.1'])
      await store.delete('b.1')
      await store.delete('never there')
      expectEqual((await store.list()).sort(), ['C_3', 'a-2'])
      expectEqual(await contentOf(store, 'b.1'), undefined)
    },
  },
  {
    promise: 'takes several writes at once',
    async check(store) {
      const names = Array.from({ length: 20 }, (_, index) => `many-${index}`)
      await Promise.all(names.map((name, index) => store.put(name, new Uint8Array(1000 + index).fill(index))))
      const lengths = await Promise.all(names.map(async name => (await store.get(name))?.length))
      expectEqual(
        lengths,
        names.map((_, index) => 1000 + index),
      )
    },
  },
]

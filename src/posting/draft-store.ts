import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { once } from '../../protocol/once.ts'
import { Draft, draftFiles, type ShelfFile } from './draft.ts'

interface Tables extends DBSchema {
  draft: { key: 'draft'; value: unknown }
  files: { key: string; value: Blob }
}

/** Keeps the one draft of this browser, and the bytes of its files, across reloads. */
export interface DraftStore {
  /** The draft as it was left; undefined where there is none, or none that this version reads. */
  read(): Promise<Draft | undefined>
  /** Writes the newest draft; while one is being written, those between are left out. Never rejects. */
  write(draft: Draft): void
  /** Takes files up, all or none. @throws {DOMException} where the browser has no room for them */
  put(files: readonly { readonly path: string; readonly blob: Blob }[]): Promise<ShelfFile[]>
  /** @throws {Error} where the browser has lost the file */
  get(file: ShelfFile): Promise<Blob>
  /** Forgets the draft and all files. */
  clear(): Promise<void>
  /** `false` where this browser keeps nothing: a reload loses what was typed. */
  isKept(): boolean
}

const open = once(() =>
  openDB<Tables>('tidemill-post', 1, {
    upgrade(database) {
      database.createObjectStore('draft')
      database.createObjectStore('files')
    },
  }),
)

export function createDraftStore(): DraftStore {
  /** Files of this visit, also where nothing can be kept. */
  const shelf = new Map<string, Blob>()
  let kept = true
  let next: Draft | undefined
  let writing: Promise<void> | undefined

  async function attempt<T>(work: (database: IDBPDatabase<Tables>) => Promise<T>): Promise<T | undefined> {
    try {
      return await work(await open())
    } catch (cause) {
      kept = false
      console.info('This browser does not keep the draft.', cause)
      return undefined
    }
  }

  async function writeAll(): Promise<void> {
    while (next !== undefined) {
      const draft = next
      next = undefined
      await attempt(database => database.put('draft', draft, 'draft'))
    }
    writing = undefined
  }

  return {
    async read() {
      const found = Draft.safeParse(await attempt(database => database.get('draft', 'draft')))
      const draft = found.success ? found.data : undefined
      const wanted = new Set(draft === undefined ? [] : draftFiles(draft))
      // Files that were taken out of the draft, or taken up and never named by it.
      await attempt(async database => {
        for (const id of await database.getAllKeys('files')) if (!wanted.has(id)) await database.delete('files', id)
      })
      return draft
    },
    write(draft) {
      next = draft
      writing ??= writeAll()
    },
    async put(files) {
      const taken = files.map(({ path, blob }) => ({ id: crypto.randomUUID(), path, bytes: blob.size, blob }))
      for (const { id, blob } of taken) shelf.set(id, blob)
      await attempt(async database => {
        const { store, done } = database.transaction('files', 'readwrite')
        await Promise.all([...taken.map(({ id, blob }) => store.put(blob, id)), done])
      })
      return taken.map(({ blob: _, ...file }) => file)
    },
    async get({ id, path }) {
      const blob = shelf.get(id) ?? (await attempt(database => database.get('files', id)))
      if (blob === undefined) throw new Error(`The browser no longer has the file ${path}. Choose it again.`)
      return blob
    },
    async clear() {
      next = undefined
      await writing
      shelf.clear()
      await attempt(async database => {
        await database.clear('draft')
        await database.clear('files')
      })
    },
    isKept: () => kept,
  }
}

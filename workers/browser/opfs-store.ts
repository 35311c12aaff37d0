import type { Store } from '../store.ts'

const isAbsent = (error: unknown): boolean => error instanceof DOMException && error.name === 'NotFoundError'

/** Whether this browser has a private file system with writes that are whole or not at all. */
export const hasOpfs = (): boolean =>
  typeof navigator.storage?.getDirectory === 'function' &&
  typeof FileSystemFileHandle === 'function' &&
  'createWritable' in FileSystemFileHandle.prototype

/**
 * A store in a folder of the origin private file system. A `createWritable` stream replaces the file when it is closed,
 * never before.
 */
export async function createOpfsStore(folderName: string): Promise<Store> {
  const root = await navigator.storage.getDirectory()
  const folder = await root.getDirectoryHandle(folderName, { create: true })
  return {
    async get(name) {
      try {
        const handle = await folder.getFileHandle(name)
        return new Uint8Array(await (await handle.getFile()).arrayBuffer())
      } catch (error) {
        if (isAbsent(error)) return undefined
        throw error
      }
    },
    async put(name, bytes) {
      const handle = await folder.getFileHandle(name, { create: true })
      const stream = await handle.createWritable()
      await stream.write(bytes)
      await stream.close()
    },
    async delete(name) {
      try {
        await folder.removeEntry(name)
      } catch (error) {
        if (!isAbsent(error)) throw error
      }
    },
    async list() {
      const names: string[] = []
      for await (const name of folder.keys()) names.push(name)
      return names
    },
  }
}

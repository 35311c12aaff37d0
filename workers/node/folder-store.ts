import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '../store.ts'
import { isAbsent } from './is-absent.ts'

const unfinished = '.tmp'

/** A store in a folder, one file per name. A file appears by being renamed, so it is whole. */
export function createFolderStore(folder: string): Store {
  return {
    async get(name) {
      try {
        return new Uint8Array(await readFile(join(folder, name)))
      } catch (error) {
        if (isAbsent(error)) return undefined
        throw error
      }
    },
    async put(name, bytes) {
      await mkdir(folder, { recursive: true })
      const draft = join(folder, `${randomUUID()}${unfinished}`)
      await writeFile(draft, bytes)
      await rename(draft, join(folder, name))
    },
    async delete(name) {
      await rm(join(folder, name), { force: true })
    },
    async list() {
      try {
        return (await readdir(folder)).filter(name => !name.endsWith(unfinished))
      } catch (error) {
        if (isAbsent(error)) return []
        throw error
      }
    },
  }
}

import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Digest } from '../../protocol/digest.ts'
import { StorageFullError } from '../errors.ts'
import { type BlobStore, digestOf } from './blob-store.ts'
import { checkBytes } from './checked-bytes.ts'

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** What a disk that has no room left says, in our words. */
export const toStorageError = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '') ? new StorageFullError({ cause: error }) : error

/** @returns undefined where there is no such file */
async function unlessAbsent<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Keeps blobs as files `ab/abcdef...` of a folder. What is still coming is in its folder `drafts`. */
export function createFolderBlobs(folder: string): BlobStore {
  const place = (digest: Digest) => join(folder, digest.slice(0, 2), digest)
  const drafts = join(folder, 'drafts')

  /** Writes a draft, and gives it its name once it is whole and on the disk. */
  async function keep(write: (draft: string) => Promise<Digest>): Promise<void> {
    const draft = join(drafts, randomUUID())
    try {
      await mkdir(drafts, { recursive: true })
      const path = place(await write(draft))
      await mkdir(join(path, '..'), { recursive: true })
      await rename(draft, path)
    } catch (error) {
      throw toStorageError(error)
    } finally {
      await rm(draft, { force: true })
    }
  }

  return {
    async put(bytes) {
      const digest = digestOf(bytes)
      await keep(async draft => {
        const file = await open(draft, 'wx')
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        return digest
      })
      return digest
    },
    async putStream(source, options) {
      const checked = checkBytes(source, options)
      await keep(async draft => {
        await pipeline(Readable.from(checked, { objectMode: false }), createWriteStream(draft, { flush: true }))
        return checked.stored().digest
      })
      return checked.stored()
    },
    get: digest => unlessAbsent(() => readFile(place(digest))),
    read: (digest, range) =>
      unlessAbsent(async () => {
        const file = await open(place(digest))
        if (range !== undefined && range.to <= range.from) {
          await file.close()
          return Readable.from([])
        }
        return createReadStream('', { fd: file, ...(range && { start: range.from, end: range.to - 1 }) })
      }),
    has: digest =>
      access(place(digest)).then(
        () => true,
        () => false,
      ),
    size: digest => unlessAbsent(async () => (await stat(place(digest))).size),
    delete: digest => rm(place(digest), { force: true }),
    async sweep(before) {
      for (const name of (await unlessAbsent(() => readdir(drafts))) ?? []) {
        const draft = join(drafts, name)
        const found = await unlessAbsent(() => stat(draft))
        if (found !== undefined && found.mtime < before) await rm(draft, { force: true })
      }
    },
  }
}

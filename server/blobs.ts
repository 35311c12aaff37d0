import { hash, randomUUID } from 'node:crypto'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../protocol/digest.ts'

/** Bytes named by their SHA-256. */
export interface BlobStore {
  /** Storing the same bytes again changes nothing. */
  put(bytes: Uint8Array): Promise<Digest>
  get(digest: Digest): Promise<Buffer | undefined>
  has(digest: Digest): Promise<boolean>
}

/** SHA-256 of what the server holds already; synchronous, since a worker thread would cost more than the hash. */
export const digestOf = (bytes: Uint8Array): Digest => hash('sha256', bytes, 'hex') as Digest

/** Keeps blobs as files `ab/abcdef...` of a folder. A file appears whole or not at all. */
export function createFolderBlobs(folder: string): BlobStore {
  const place = (digest: Digest) => join(folder, digest.slice(0, 2), digest)
  return {
    async put(bytes) {
      const digest = digestOf(bytes)
      const path = place(digest)
      const draft = `${path}.${randomUUID()}`
      await mkdir(join(path, '..'), { recursive: true })
      try {
        await writeFile(draft, bytes)
        await rename(draft, path)
      } finally {
        await rm(draft, { force: true })
      }
      return digest
    },
    async get(digest) {
      try {
        return await readFile(place(digest))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    has: digest =>
      access(place(digest)).then(
        () => true,
        () => false,
      ),
  }
}

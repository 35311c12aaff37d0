import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testBlobStore } from '../testing/blob-store-contract.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { digestOf } from './blob-store.ts'
import { createFolderBlobs, toStorageError } from './folder-blobs.ts'

describe('createFolderBlobs', () => {
  testBlobStore(async () => createFolderBlobs(await createDataFolder()))

  test('behavior: a refused upload leaves no file', async () => {
    const folder = await createDataFolder()
    const blobs = createFolderBlobs(folder)
    const expected = digestOf(Buffer.from('other'))
    await expect(blobs.putStream([Buffer.from('tide')], { expected, mostBytes: 10 })).rejects.toThrow(/SHA-256/)
    expect(await readdir(join(folder, 'drafts'))).toEqual([])
    expect(await readdir(folder)).toEqual(['drafts'])
  })

  test('behavior: sweeps old drafts alone', async () => {
    const folder = await createDataFolder()
    const blobs = createFolderBlobs(folder)
    await blobs.sweep(new Date())
    const digest = await blobs.put(Buffer.from('tide'))
    const drafts = join(folder, 'drafts')
    await mkdir(drafts, { recursive: true })
    for (const name of ['old', 'young']) await writeFile(join(drafts, name), 'half')
    await utimes(join(drafts, 'old'), new Date(1000), new Date(1000))
    await blobs.sweep(new Date(2000))
    expect(await readdir(drafts)).toEqual(['young'])
    expect(await blobs.has(digest)).toBe(true)
  })

  test.each(['ENOSPC', 'EDQUOT'])('error: %s is a problem that says so', code => {
    const error = toStorageError(Object.assign(new Error('no space left on device'), { code }))
    expect(error).toMatchObject({ name: 'StorageFullError', status: 503 })
  })

  test('error: any other fault stays what it is', () => {
    const fault = Object.assign(new Error('not permitted'), { code: 'EACCES' })
    expect(toStorageError(fault)).toBe(fault)
  })
})

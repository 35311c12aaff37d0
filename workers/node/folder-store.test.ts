import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { storeContract } from '../testing/store-contract.ts'
import { createFolderStore } from './folder-store.ts'

describe('createFolderStore', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidemill-store-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  for (const { promise, check } of storeContract) test(`behavior: ${promise}`, () => check(createFolderStore(folder)))

  test('behavior: outlives its object, in a folder that did not exist', async () => {
    const deep = join(folder, 'a', 'b')
    expect(await createFolderStore(deep).list()).toEqual([])
    await createFolderStore(deep).put('name', new Uint8Array([5]))
    expect(await createFolderStore(deep).get('name')).toEqual(new Uint8Array([5]))
    expect(await readdir(deep)).toEqual(['name'])
  })

  test('behavior: what a crash left half written is not there', async () => {
    await writeFile(join(folder, 'half.tmp'), 'ha')
    expect(await createFolderStore(folder).list()).toEqual([])
  })
})

import { mkdir, readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { patternBytes, testBlobStore } from '../testing/blob-store-contract.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { startS3 } from '../testing/start-s3.ts'
import { openBlobs } from './open-blobs.ts'
import { createS3Blobs } from './s3-blobs.ts'

describe('createS3Blobs', () => {
  testBlobStore(async () => createS3Blobs(await startS3(), await createDataFolder()))

  test('behavior: two prefixes of a bucket know nothing of each other, and none is fine too', async () => {
    const place = await startS3('one')
    const spool = await createDataFolder()
    const [one, other] = [createS3Blobs(place, spool), createS3Blobs({ ...place, prefix: '' }, spool)]
    const digest = await one.put(Buffer.from('tide'))
    expect(await other.has(digest)).toBe(false)
    await other.put(Buffer.from('tide'))
    await one.delete(digest)
    expect(await other.has(digest)).toBe(true)
  })

  test('behavior: nothing stays in the spool, and what a dead server left there is swept', async () => {
    const spool = join(await createDataFolder(), 'spool')
    const blobs = createS3Blobs(await startS3(), spool)
    await blobs.sweep(new Date())
    await blobs.putStream([patternBytes(9 << 20)], { mostBytes: 9 << 20 })
    expect(await readdir(spool)).toEqual([])
    for (const name of ['old', 'young']) await mkdir(join(spool, name))
    await utimes(join(spool, 'old'), new Date(1000), new Date(1000))
    await blobs.sweep(new Date(2000))
    expect(await readdir(spool)).toEqual(['young'])
  })

  test('error: a store that is away is a problem that says so, and no secret', async () => {
    const place = { ...(await startS3()), endpoint: 'http://127.0.0.1:9' }
    const { blobs, check } = openBlobs({ place: { kind: 's3', ...place }, dataFolder: '', now: Date.now })
    const error = await blobs.put(Buffer.from('tide')).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ name: 'StorageUnavailableError', status: 503 })
    expect(`${(error as Error).message} ${(error as Error).cause}`).not.toContain('S3RVER')
    expect(await check()).toMatchObject({ ok: false })
  })

  test('error: a key that the store refuses', async () => {
    const place = { ...(await startS3()), accessKeyId: 'WRONG' }
    const { blobs, check } = openBlobs({ place: { kind: 's3', ...place }, dataFolder: '', now: Date.now })
    await expect(blobs.put(Buffer.from('tide'))).rejects.toMatchObject({ name: 'StorageUnavailableError' })
    expect(await check()).toMatchObject({ ok: false })
  })
})

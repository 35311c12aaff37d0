import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Digest } from '../../protocol/digest.ts'
import { prepareSeedJobs } from '../catalogue.ts'
import { holdBlobs } from '../db/blobs.ts'
import { seedJobs } from '../db/jobs.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { type BlobStore, digestOf } from './blob-store.ts'
import { collectBlobs } from './collect-blobs.ts'
import { createFolderBlobs } from './folder-blobs.ts'
import { createUploads } from './uploads.ts'

const dayMs = 24 * 3_600_000
const start = Date.parse('2026-11-22T12:00:00Z')
const bytes = Buffer.from('tide')
const digest = digestOf(bytes)

/** @param wrap gets the store in between, to see and to hold up what happens */
async function setUp(wrap: (blobs: BlobStore) => BlobStore = blobs => blobs) {
  const { database } = await createTestDatabase()
  const folder = createFolderBlobs(await createDataFolder())
  let now = start
  const parts = { database, blobs: wrap(folder), now: () => now }
  const uploads = createUploads(parts)
  const addAccount = async () => {
    const { rows } = await database.query<{ id: bigint }>(
      'insert into accounts (created_at) values (now()) returning id',
    )
    return rows[0]?.id as bigint
  }
  const [ada, bob] = [await addAccount(), await addAccount()]
  return {
    ...{ database, folder, uploads, ada, bob },
    store: (accountId: bigint, body: Buffer = bytes) =>
      uploads.store(accountId, digestOf(body), { length: body.length, source: [body] }),
    collect: () => collectBlobs(parts),
    wait: (ms: number) => {
      now += ms
    },
    has: (name: Digest = digest) => folder.has(name),
  }
}

describe('collectBlobs', () => {
  test('default: what nothing has needed for a day goes', async () => {
    const { store, ada, collect, wait, has, uploads } = await setUp()
    await store(ada)
    expect(await collect()).toBe(0)
    wait(dayMs + 1)
    expect(await collect()).toBe(1)
    expect(await has()).toBe(false)
    expect(await uploads.missing(ada, [digest])).toEqual([digest])
    expect(await collect()).toBe(0)
  })

  test('behavior: more than one page of them', async () => {
    const { database, collect, wait } = await setUp()
    await database.query(
      `insert into blobs (digest, bytes, created_at)
       select sha256(n::text::bytea), 1, $1 from generate_series(1, 1200) n`,
      [new Date(start)],
    )
    wait(dayMs + 1)
    expect(await collect()).toBe(1200)
  })

  test('behavior: stays as long as anybody stored it, or asked for it, within a day', async () => {
    const { store, ada, bob, collect, wait, has, uploads } = await setUp()
    await store(ada)
    wait(dayMs - 1000)
    await store(bob)
    wait(2000)
    expect(await collect()).toBe(0)
    wait(dayMs - 4000)
    expect(await uploads.missing(ada, [digest])).toEqual([])
    wait(3000)
    expect(await collect()).toBe(0)
    expect(await has()).toBe(true)
  })

  test('behavior: an upload whose server died is forgotten', async () => {
    const { uploads, ada, collect, wait } = await setUp()
    const broken = (async function* () {
      yield bytes
      throw new Error('the line broke')
    })()
    await expect(uploads.store(ada, digest, { length: undefined, source: broken })).rejects.toThrow('the line broke')
    wait(dayMs + 1)
    expect(await collect()).toBe(1)
  })

  test('behavior: parts that were joined go at the next turn', async () => {
    const { store, ada, uploads, collect, has } = await setUp()
    const other = Buffer.from('mill')
    await store(ada)
    await store(ada, other)
    const { digest: joined } = await uploads.join(ada, {
      digest: undefined,
      parts: [digest, digestOf(other)],
      keep: [digestOf(other)],
    })
    expect(await collect()).toBe(1)
    expect([await has(), await has(digestOf(other)), await has(joined)]).toEqual([false, true, true])
  })

  test('behavior: what a job needs stays, and so does its kernel', async () => {
    const { database, folder, store, ada, collect, wait, has } = await setUp()
    const [seed] = await prepareSeedJobs(folder, new Date(start))
    if (seed === undefined) throw new Error('There is no built-in kernel.')
    const kernel = Buffer.from('kernel')
    await database.transaction(client =>
      seedJobs(client, [{ ...seed, kernelDigest: Buffer.from(digestOf(kernel), 'hex') }]),
    )
    await store(ada, kernel)
    await store(ada)
    await database.query('insert into job_blobs select id, $1 from jobs limit 1', [Buffer.from(digest, 'hex')])
    wait(dayMs * 9)
    expect(await collect()).toBe(0)
    expect([await has(), await has(digestOf(kernel))]).toEqual([true, true])
  })

  test('behavior: a trial keeps what its account has stored for a day', async () => {
    const { database, store, ada, bob, collect, wait, has } = await setUp()
    const [own, others] = [Buffer.from('own'), Buffer.from('others')]
    await store(bob)
    await store(ada)
    await store(ada, own)
    await store(bob, others)
    wait(dayMs - 1)
    await database.query(
      'insert into trials (id, account_id, trial, seen_at, created_at) values ($1, $2, $3, $4, $4)',
      [randomUUID(), ada, { kernel: { kind: 'upload', digest } }, new Date(start + dayMs - 1)],
    )
    wait(2)
    expect(await collect()).toBe(1)
    expect([await has(), await has(digestOf(own)), await has(digestOf(others))]).toEqual([true, true, false])
    wait(dayMs)
    expect(await collect()).toBe(2)
  })

  test('behavior: a blob that somebody holds for a job is left alone', async () => {
    const { database, store, ada, collect, wait, has } = await setUp()
    await store(ada)
    wait(dayMs + 1)
    const absent = 'ab'.repeat(32) as Digest
    await database.transaction(async client => {
      expect(await holdBlobs(client, [digest, absent])).toEqual([absent])
      expect(await collect()).toBe(0)
    })
    expect(await has()).toBe(true)
    expect(await collect()).toBe(1)
  })

  test('behavior: who stores it while it is being deleted brings it anew', async () => {
    const deleting = Promise.withResolvers<void>()
    const mayDelete = Promise.withResolvers<void>()
    const parts = await setUp(blobs => ({
      ...blobs,
      async delete(name) {
        deleting.resolve()
        await mayDelete.promise
        await blobs.delete(name)
      },
    }))
    await parts.store(parts.ada)
    parts.wait(dayMs + 1)
    const collecting = parts.collect()
    await deleting.promise
    // It is still there, so its bytes are not read; but the row is locked, and the bytes go before it may be written.
    const stored = parts.store(parts.bob)
    const missing = parts.uploads.missing(parts.ada, [digest])
    await expect
      .poll(async () => {
        const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        return (await parts.database.query(waiting)).rows.length
      })
      .toBe(2)
    mayDelete.resolve()
    expect(await collecting).toBe(1)
    await expect(stored).rejects.toMatchObject({ name: 'StorageUnavailableError', retryAfterSeconds: 5 })
    expect(await missing).toEqual([digest])
    await parts.store(parts.bob)
    expect(await parts.has()).toBe(true)
    expect(await parts.collect()).toBe(0)
  })

  test('behavior: bytes that could not be deleted are deleted later', async () => {
    let isAway = true
    const parts = await setUp(blobs => ({
      ...blobs,
      async delete(name) {
        if (isAway) throw new Error('the store is away')
        await blobs.delete(name)
      },
    }))
    await parts.store(parts.ada)
    parts.wait(dayMs + 1)
    await expect(parts.collect()).rejects.toThrow('the store is away')
    isAway = false
    expect(await parts.collect()).toBe(1)
    expect(await parts.has()).toBe(false)
  })
})

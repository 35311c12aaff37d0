import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createApiClient } from '../protocol/client.ts'
import { type Digest, sha256 } from '../protocol/digest.ts'
import { UnreachableError } from '../protocol/errors.ts'
import { createBlobSource } from './blob-source.ts'
import { createMemoryStore } from './memory-store.ts'

const servers: Server[] = []

/** A server that has these blobs, under names that a test may have made up, and counts what it is asked for. */
async function serving(blobs: ReadonlyMap<Digest, Uint8Array>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const digest = request.url?.split('/').at(-1) as Digest
    asked.push(digest)
    const bytes = blobs.get(digest)
    if (bytes === undefined) response.writeHead(502)
    response.end(bytes)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { asked, api: createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) }
}

async function blobsOf(...lengths: readonly number[]) {
  const all = lengths.map((length, index) => new Uint8Array(length).fill(index + 1))
  const digests = await Promise.all(all.map(sha256))
  return {
    digests: digests as [Digest, ...Digest[]],
    blobs: new Map(all.map((bytes, at) => [digests[at] as Digest, bytes])),
  }
}

describe('createBlobSource', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  test('default: fetched once, also by another visit, and everybody has bytes of his own', async () => {
    const { digests, blobs } = await blobsOf(10)
    const { api, asked } = await serving(blobs)
    const store = createMemoryStore()
    const source = createBlobSource(api, store)
    const [one, other] = await Promise.all([source.load(digests[0], 10), source.load(digests[0], 10)])
    one.fill(9)
    expect(other).toEqual(blobs.get(digests[0]))
    expect(await source.load(digests[0], 10)).toEqual(other)
    expect(await createBlobSource(api, store).load(digests[0], 10)).toEqual(other)
    expect(asked).toEqual([digests[0]])
  })

  test('behavior: under its budget, the longest unused goes first', async () => {
    const { digests, blobs } = await blobsOf(40, 40, 40)
    const { api, asked } = await serving(blobs)
    const store = createMemoryStore()
    const source = createBlobSource(api, store, 100)
    const [a, b, c] = digests as [Digest, Digest, Digest]
    for (const digest of [a, b, a, c, a]) await source.load(digest, 40)
    expect(asked).toEqual([a, b, c])
    expect((await store.list()).sort()).toEqual([`blob-${a}-40`, `blob-${c}-40`].sort())
    // A later visit keeps the same budget.
    await createBlobSource(api, store, 100).load(b, 40)
    expect(await store.list()).toHaveLength(2)
  })

  test('behavior: one over the budget is given out, and drives nothing out', async () => {
    const { digests, blobs } = await blobsOf(40, 200)
    const { api } = await serving(blobs)
    const store = createMemoryStore()
    const source = createBlobSource(api, store, 100)
    const [small, large] = digests as [Digest, Digest]
    await source.load(small, 40)
    expect(await source.load(large, 200)).toHaveLength(200)
    expect(await store.list()).toEqual([`blob-${small}-40`])
  })

  test('behavior: bytes that went bad in the store are fetched again', async () => {
    const { digests, blobs } = await blobsOf(10)
    const { api, asked } = await serving(blobs)
    const store = createMemoryStore()
    await store.put(`blob-${digests[0]}-10`, new Uint8Array(10))
    await store.put('lease-1', new Uint8Array(1))
    expect(await createBlobSource(api, store).load(digests[0], 10)).toEqual(blobs.get(digests[0]))
    expect(asked).toEqual([digests[0]])
    expect(await store.get(`blob-${digests[0]}-10`)).toEqual(blobs.get(digests[0]))
    expect(await store.list()).toContain('lease-1')
  })

  test('behavior: a store that fails costs a download, never the work', async () => {
    const { digests, blobs } = await blobsOf(10)
    const { api, asked } = await serving(blobs)
    const failing = async () => Promise.reject(new Error('the quota is used up'))
    const source = createBlobSource(api, { get: failing, put: failing, delete: failing, list: failing })
    for (let time = 0; time < 2; time++) expect(await source.load(digests[0], 10)).toEqual(blobs.get(digests[0]))
    expect(asked).toHaveLength(2)
  })

  test('error: other bytes than the digest names are not given out, and not kept', async () => {
    const { digests } = await blobsOf(10)
    const { api } = await serving(new Map([[digests[0], new Uint8Array(3)]]))
    const store = createMemoryStore()
    await expect(createBlobSource(api, store).load(digests[0], 10)).rejects.toThrow(UnreachableError)
    expect(await store.list()).toEqual([])
  })

  test('error: a failure is forgotten, so that the next call tries again', async () => {
    const { digests, blobs } = await blobsOf(10)
    const there = new Map<Digest, Uint8Array>()
    const { api } = await serving(there)
    const source = createBlobSource(api, createMemoryStore())
    await expect(source.load(digests[0], 10)).rejects.toThrow(UnreachableError)
    there.set(digests[0], blobs.get(digests[0]) as Uint8Array)
    expect(await source.load(digests[0], 10)).toHaveLength(10)
  })
})

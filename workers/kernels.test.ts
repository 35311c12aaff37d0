import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createApiClient } from '../protocol/client.ts'
import { sha256 } from '../protocol/digest.ts'
import { UnreachableError } from '../protocol/errors.ts'
import { createKernels } from './kernels.ts'
import { createMemoryStore } from './memory-store.ts'
import { assembleKernel } from './testing/assemble.ts'

const servers: Server[] = []

/** Somewhere on the way from a real server: answers every request with these bytes, and counts them. */
async function answering(bytes: Uint8Array) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    response.end(bytes)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { asked, api: createApiClient(`http://127.0.0.1:${port}`) }
}

describe('createKernels', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  test('default', async () => {
    const bytes = await assembleKernel()
    const digest = await sha256(bytes)
    const { api, asked } = await answering(bytes)
    const store = createMemoryStore()
    const kernels = createKernels(api, store)
    const [one, other] = await Promise.all([kernels.load(digest), kernels.load(digest)])
    expect(one.kind).toBe('loaded')
    expect(one).toBe(other)
    expect((await createKernels(api, store).load(digest)).kind).toBe('loaded')
    expect(asked).toEqual([`/api/blobs/${digest}`])
  })

  test('behavior: bytes that went bad in the store are fetched again', async () => {
    const bytes = await assembleKernel()
    const digest = await sha256(bytes)
    const { api } = await answering(bytes)
    const store = createMemoryStore()
    await store.put(`kernel-${digest}`, bytes.slice(1))
    expect((await createKernels(api, store).load(digest)).kind).toBe('loaded')
    expect(await store.get(`kernel-${digest}`)).toEqual(bytes)
  })

  test('behavior: keeps only the kernels that are needed, and nothing else is touched', async () => {
    const bytes = await assembleKernel()
    const digest = await sha256(bytes)
    const { api } = await answering(bytes)
    const store = createMemoryStore()
    await store.put('kernel-old', new Uint8Array(1))
    await store.put('lease-1', new Uint8Array(1))
    const kernels = createKernels(api, store)
    await kernels.load(digest)
    await kernels.keepOnly(new Set([digest]))
    expect((await store.list()).sort()).toEqual([`kernel-${digest}`, 'lease-1'])
  })

  test('error: other bytes than the digest names never run, and are not kept', async () => {
    const digest = await sha256(await assembleKernel())
    const { api } = await answering(await assembleKernel({ abi: 'export const tidemill_abi: i32 = 2' }))
    const store = createMemoryStore()
    await expect(createKernels(api, store).load(digest)).rejects.toThrow(UnreachableError)
    expect(await store.list()).toEqual([])
  })
})

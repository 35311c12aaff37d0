import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { MissingBlobs, StoredBlob } from '../../protocol/blobs.ts'
import type { Digest } from '../../protocol/digest.ts'
import { digestOf } from '../blobs/blob-store.ts'
import { inPieces, patternBytes } from '../testing/blob-store-contract.ts'
import { registerDevice, type TestDevice } from '../testing/device.ts'
import { startS3 } from '../testing/start-s3.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { storeBlob } from '../testing/store-blob.ts'
import { refused } from '../testing/wire.ts'

const mib = 1 << 20
const absent = 'ab'.repeat(32) as Digest

async function stored(response: Response): Promise<StoredBlob> {
  expect(response.status).toBe(200)
  return StoredBlob.parse(await response.json())
}

async function missing(device: TestDevice, digests: readonly Digest[]): Promise<Digest[]> {
  const response = await device.request('POST', '/api/blobs/missing', { digests })
  return MissingBlobs.parse(await response.json()).missing
}

const read = async ({ url }: TestServer, digest: Digest): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${url}/api/blobs/${digest}`)).arrayBuffer())

const draftsOf = ({ dataFolder }: TestServer) => readdir(join(dataFolder, 'blobs/drafts'))

async function start(options: Parameters<typeof startTestServer>[0] = {}) {
  const server = await startTestServer(options)
  return { server, device: await registerDevice(server.url) }
}

describe('POST /api/blobs', () => {
  test.each(['folder', 's3'] as const)('default: in a %s', async kind => {
    const blobPlace = kind === 's3' ? { kind, ...(await startS3()) } : ({ kind } as const)
    const { server, device } = await start({ blobPlace })
    const bytes = patternBytes(9 * mib + 5)
    const digest = digestOf(bytes)
    expect(await missing(device, [digest, absent])).toEqual([digest, absent])
    expect(await stored(await storeBlob(server, device, bytes))).toEqual({ digest, bytes: bytes.length })
    expect(await missing(device, [digest, absent])).toEqual([absent])
    expect((await read(server, digest)).equals(bytes)).toBe(true)
  })

  test('behavior: a body without a length, and one without bytes', async () => {
    const { server, device } = await start()
    const bytes = patternBytes(mib)
    const stream = Readable.from(inPieces(bytes, 1000))
    expect(await stored(await storeBlob(server, device, stream, digestOf(bytes)))).toMatchObject({ bytes: mib })
    const none = Buffer.alloc(0)
    expect(await stored(await storeBlob(server, device, none))).toMatchObject({ bytes: 0 })
    expect(await read(server, digestOf(none))).toEqual(none)
  })

  test('behavior: what is known is not read, and belongs to whoever stores it too', async () => {
    const { server, device: ada } = await start()
    const bob = await registerDevice(server.url)
    const bytes = patternBytes(mib)
    await stored(await storeBlob(server, ada, bytes))
    expect(await missing(bob, [digestOf(bytes)])).toEqual([digestOf(bytes)])
    // Ends are never sent: who reads it would wait for ever.
    const endless = new Readable({ read() {} })
    endless.push(Buffer.from('x'))
    expect(await stored(await storeBlob(server, bob, endless, digestOf(bytes)))).toMatchObject({ bytes: mib })
    expect(await missing(bob, [digestOf(bytes)])).toEqual([])
  })

  test('behavior: many at once on few connections', async () => {
    const { server, device } = await start()
    const all = Array.from({ length: 8 }, (_, index) => Buffer.from(`blob ${index}`))
    await Promise.all(all.map(async bytes => stored(await storeBlob(server, device, bytes))))
    expect(await missing(device, all.map(digestOf))).toEqual([])
  })

  test('error: other bytes than the digest says leave nothing', async () => {
    const { server, device } = await start()
    const answer = await storeBlob(server, device, patternBytes(2 * mib), absent)
    const problem = await refused(answer, 400, 'DigestMismatchError')
    expect(problem.detail).toContain(absent)
    expect(await draftsOf(server)).toEqual([])
    expect(await missing(device, [absent])).toEqual([absent])
  })

  test('error: a client that leaves in the middle leaves nothing', async () => {
    const { server, device } = await start()
    const leaving = request(`${server.url}/api/blobs?sha256=${absent}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.session.token}`, 'content-length': 10 * mib },
    })
    leaving.on('error', () => {})
    await new Promise(written => leaving.write(patternBytes(mib), written))
    await expect.poll(() => draftsOf(server)).toHaveLength(1)
    leaving.destroy()
    await expect.poll(() => draftsOf(server)).toEqual([])
    expect(server.logged.filter(line => line.includes('A request failed'))).toEqual([])
  })

  test('error: one over its cap, said or not', async () => {
    const { server, device } = await start({ blobQuotas: { blobBytes: 1000, postingBlobBytes: 10_000 } })
    const bytes = patternBytes(1001)
    await refused(await storeBlob(server, device, bytes), 413, 'BlobTooLargeError')
    const stream = Readable.from(inPieces(bytes, 100))
    await refused(await storeBlob(server, device, stream, digestOf(bytes)), 413, 'BlobTooLargeError')
    expect(await missing(device, [digestOf(bytes)])).toEqual([digestOf(bytes)])
  })

  test('error: more than the account may have, and none of others', async () => {
    const { server, device } = await start({ blobQuotas: { blobBytes: 1000, postingBlobBytes: 1500 } })
    const [one, other] = [patternBytes(1000), patternBytes(600)]
    await stored(await storeBlob(server, device, one))
    const problem = await refused(await storeBlob(server, device, other), 403, 'QuotaExceededError')
    expect(problem.detail).toMatch(/^This account has used .+ of .+ of stored files, and this would be more\. Files/)
    // What it has already counts once.
    await stored(await storeBlob(server, device, one))
    await stored(await storeBlob(server, await registerDevice(server.url), other))
    // Known by now, and still over the quota of this account.
    await refused(await storeBlob(server, device, other), 403, 'QuotaExceededError')
  })

  test('error: two at once do not pass the quota together', async () => {
    const { server, device } = await start({ blobQuotas: { blobBytes: 1000, postingBlobBytes: 1500 } })
    const answers = await Promise.all([1000, 900].map(length => storeBlob(server, device, patternBytes(length))))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  })

  test('error: strangers, and servers that take no jobs', async () => {
    const { server, device } = await start({ sponsoredJobs: false })
    const stranger = { ...device, session: { ...device.session, token: 'nonsense' } }
    await refused(await storeBlob(server, stranger, patternBytes(10)), 401, 'UnauthorizedError')
    await refused(await storeBlob(server, device, patternBytes(10)), 403, 'PostingClosedError')
    for (const [path, body] of [
      ['missing', { digests: [] }],
      ['join', { parts: [absent] }],
    ] as const)
      await refused(await device.request('POST', `/api/blobs/${path}`, body), 403, 'PostingClosedError')
  })

  test.each(['', '?sha256=AB', '?sha256=../../etc/passwd'])('error: %s names no digest', async query => {
    const { server, device } = await start()
    const headers = { authorization: `Bearer ${device.session.token}` }
    const answer = await fetch(`${server.url}/api/blobs${query}`, { method: 'POST', headers, body: 'x' })
    await refused(answer, 400, 'InvalidRequestError')
  })
})

describe('POST /api/blobs/join', () => {
  const bytes = patternBytes(20 * mib)
  const parts = [...inPieces(bytes, 8 * mib)]

  async function storeParts(server: TestServer, device: TestDevice) {
    for (const part of parts) await stored(await storeBlob(server, device, Buffer.from(part)))
    return parts.map(digestOf)
  }

  test.each([digestOf(bytes), undefined])('default: digest %s', async digest => {
    const { server, device } = await start()
    const names = await storeParts(server, device)
    const answer = await device.request('POST', '/api/blobs/join', { digest, parts: names })
    expect(await stored(answer)).toEqual({ digest: digestOf(bytes), bytes: bytes.length })
    expect((await read(server, digestOf(bytes))).equals(bytes)).toBe(true)
    expect(await missing(device, [...names, digestOf(bytes)])).toEqual(names)
    // Again, with the parts gone, here and where nobody remembers the first time.
    const again = await device.request('POST', '/api/blobs/join', { digest, parts: names })
    expect(await stored(again)).toMatchObject({ bytes: bytes.length })
    const other = await device.request('POST', '/api/blobs/join', {
      ...{ digest: digestOf(bytes), parts: names, keep: [absent] },
    })
    expect(await stored(other)).toMatchObject({ bytes: bytes.length })
  })

  test('behavior: parts that repeat, and one that stays', async () => {
    const { server, device } = await start()
    const half = patternBytes(1000)
    await stored(await storeBlob(server, device, half))
    const name = digestOf(half)
    const joined = Buffer.concat([half, half])
    const answer = await device.request('POST', '/api/blobs/join', { parts: [name, name], keep: [name] })
    expect(await stored(answer)).toEqual({ digest: digestOf(joined), bytes: 2000 })
    expect(await missing(device, [name, digestOf(joined)])).toEqual([])
  })

  test('behavior: one part alone is itself, and stays', async () => {
    const { server, device } = await start()
    const one = patternBytes(1000)
    await stored(await storeBlob(server, device, one))
    for (const digest of [undefined, digestOf(one)]) {
      const answer = await device.request('POST', '/api/blobs/join', { digest, parts: [digestOf(one)] })
      expect(await stored(answer)).toEqual({ digest: digestOf(one), bytes: 1000 })
      expect(await missing(device, [digestOf(one)])).toEqual([])
    }
  })

  test('behavior: parts do not count beside what they become', async () => {
    const { server, device } = await start({ blobQuotas: { blobBytes: 30 * mib, postingBlobBytes: 21 * mib } })
    const names = await storeParts(server, device)
    await stored(await device.request('POST', '/api/blobs/join', { digest: digestOf(bytes), parts: names }))
  })

  test('error: a part that is not there, a digest that is not theirs, too much', async () => {
    const { server, device } = await start({ blobQuotas: { blobBytes: 1500, postingBlobBytes: 2600 } })
    const part = patternBytes(1000)
    await stored(await storeBlob(server, device, part))
    const name = digestOf(part)
    const lacking = await device.request('POST', '/api/blobs/join', { parts: [name, absent] })
    expect((await refused(lacking, 404, 'NotFoundError')).detail).toContain(absent)
    const wrong = await device.request('POST', '/api/blobs/join', { digest: absent, parts: [name] })
    await refused(wrong, 400, 'DigestMismatchError')
    const large = await device.request('POST', '/api/blobs/join', { parts: [name, name] })
    await refused(large, 413, 'BlobTooLargeError')
    expect(await missing(device, [name])).toEqual([])
    expect(await draftsOf(server)).toEqual([])
  })

  test('error: bodies that are no questions', async () => {
    const { device } = await start()
    for (const body of [{}, { parts: [] }, { parts: ['x'] }, { parts: [absent], digest: '' }])
      await refused(await device.request('POST', '/api/blobs/join', body), 400, 'InvalidRequestError')
    for (const body of [{}, { digests: 'x' }, { digests: Array.from({ length: 1001 }, () => absent) }])
      await refused(await device.request('POST', '/api/blobs/missing', body), 400, 'InvalidRequestError')
  })
})

describe('GET /api/blobs/:sha256', () => {
  async function startWith(bytes: Buffer<ArrayBuffer>) {
    const { server, device } = await start()
    await stored(await storeBlob(server, device, bytes))
    const path = `${server.url}/api/blobs/${digestOf(bytes)}`
    return { path, get: (headers: Record<string, string>, method = 'GET') => fetch(path, { method, headers }) }
  }

  test('default', async () => {
    const bytes = patternBytes(3 * mib)
    const { get } = await startWith(bytes)
    const answer = await get({})
    expect(answer.headers.get('content-length')).toBe(`${bytes.length}`)
    expect(answer.headers.get('accept-ranges')).toBe('bytes')
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  })

  test('behavior: a head without a body', async () => {
    const { get } = await startWith(patternBytes(1000))
    const answer = await get({}, 'HEAD')
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '1000'])
    expect(await answer.text()).toBe('')
  })

  test('behavior: ranges', async () => {
    const bytes = patternBytes(1000)
    const { get } = await startWith(bytes)
    const answer = await get({ range: 'bytes=10-19' })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe('bytes 10-19/1000')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes.subarray(10, 20))
    const first = await get({ range: 'bytes=0-0' })
    expect(Buffer.from(await first.arrayBuffer())).toEqual(bytes.subarray(0, 1))
    const other = await get({ range: 'bytes=10-19', 'if-range': '"other"' })
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, 1000])
  })

  test('error: a range outside', async () => {
    const { get } = await startWith(patternBytes(1000))
    const answer = await get({ range: 'bytes=1000-' })
    expect(answer.headers.get('content-range')).toBe('bytes */1000')
    await refused(answer, 416, 'UnsatisfiableRangeError')
  })

  test('behavior: a reader who leaves early is no failure', async () => {
    const { server, device } = await start()
    const bytes = patternBytes(20 * mib)
    await stored(await storeBlob(server, device, bytes))
    const leaving = new AbortController()
    onTestFinished(() => leaving.abort())
    const answer = await fetch(`${server.url}/api/blobs/${digestOf(bytes)}`, { signal: leaving.signal })
    const reader = answer.body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    leaving.abort()
    expect((await read(server, digestOf(bytes))).equals(bytes)).toBe(true)
    expect(server.logged.filter(line => line.includes('A request failed'))).toEqual([])
  })
})

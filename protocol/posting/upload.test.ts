import { describe, expect, test } from 'vitest'
import { digestOf } from '../../server/blobs/blob-store.ts'
import { inPieces, patternBytes } from '../../server/testing/blob-store-contract.ts'
import { registerDevice } from '../../server/testing/device.ts'
import { seededRandom } from '../../server/testing/seeded-random.ts'
import { startTestServer } from '../../server/testing/start-test-server.ts'
import { startTcpProxy } from '../../server/testing/tcp-proxy.ts'
import { type ApiClient, createApiClient } from '../client.ts'
import { RefusedError, UnreachableError } from '../errors.ts'
import { createUploader, type UploaderPorts } from './upload.ts'

const mib = 1 << 20

/** An api that counts what is sent through it. */
function counting(url: string) {
  const client = createApiClient(url)
  const sent: number[] = []
  const api: UploaderPorts['api'] = {
    post: client.post,
    postBytes(path, bytes, schema, options) {
      sent.push(bytes.length)
      return client.postBytes(path, bytes, schema, options)
    },
  }
  return { api, sent, client }
}

async function* stream(bytes: Buffer, breakAt = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const piece of inPieces(bytes, mib + 17)) {
    if (at >= breakAt) throw new Error('the disk is gone')
    yield piece
    at += piece.length
  }
}

const atOnce = async () => {}

async function start() {
  const server = await startTestServer()
  const device = await registerDevice(server.url)
  const { api, sent, client } = counting(server.url)
  const token = () => device.session.token
  return { server, device, api, sent, client, token, uploader: createUploader({ api, token, wait: atOnce }) }
}

const read = async (client: ApiClient, digest: string) => Buffer.from(await client.getBytes(`/api/blobs/${digest}`))

describe('createUploader', () => {
  test.each([0, 1, 100_000, 8 * mib, 8 * mib + 1, 20 * mib])('default: %i bytes', async length => {
    const { client, uploader } = await start()
    const bytes = patternBytes(length)
    const told: number[] = []
    const stored = await uploader.upload(stream(bytes), { onProgress: done => told.push(done) })
    expect(stored).toEqual({ digest: digestOf(bytes), bytes: length })
    expect(told.at(-1)).toBe(length)
    expect(told).toEqual(told.toSorted((one, other) => one - other))
    expect((await read(client, stored.digest)).equals(bytes)).toBe(true)
  })

  test('behavior: a stream of the web', async () => {
    const { uploader } = await start()
    const bytes = patternBytes(9 * mib)
    expect(await uploader.upload(new Blob([bytes]).stream())).toEqual({ digest: digestOf(bytes), bytes: 9 * mib })
  })

  test('behavior: an upload that broke goes on where it was, also with another uploader', async () => {
    const { api, sent, token, uploader } = await start()
    const bytes = patternBytes(20 * mib)
    await expect(uploader.upload(stream(bytes, 17 * mib))).rejects.toThrow('the disk is gone')
    expect(sent).toEqual([8 * mib, 8 * mib])
    const again = createUploader({ api, token, wait: atOnce })
    expect(await again.upload(stream(bytes))).toEqual({ digest: digestOf(bytes), bytes: bytes.length })
    expect(sent).toEqual([8 * mib, 8 * mib, 4 * mib])
  })

  test('behavior: a file that is also a part of a longer one stays', async () => {
    const { client, uploader, device } = await start()
    const long = Buffer.alloc(24 * mib, 'x')
    const short = long.subarray(0, 8 * mib)
    const one = await uploader.upload(stream(short))
    await uploader.upload(stream(long))
    const asked = await device.request('POST', '/api/blobs/missing', { digests: [one.digest] })
    expect(await asked.json()).toEqual({ missing: [] })
    expect((await read(client, one.digest)).equals(short)).toBe(true)
  })

  test('behavior: a line that breaks again and again', async () => {
    const { server, token } = await start()
    const proxy = await startTcpProxy(Number(new URL(server.url).port), seededRandom(7))
    const { api } = counting(`http://127.0.0.1:${proxy.port}`)
    const uploader = createUploader({
      api,
      token,
      async wait() {
        if (proxy.cuts > 3) proxy.cutWithin(undefined)
      },
    })
    proxy.cutWithin(4 * mib)
    const bytes = patternBytes(20 * mib)
    expect(await uploader.upload(stream(bytes))).toEqual({ digest: digestOf(bytes), bytes: bytes.length })
    expect(proxy.cuts).toBeGreaterThan(3)
  })

  test('behavior: a session that ends meanwhile is renewed', async () => {
    const { api, token } = await start()
    const tokens = ['nonsense']
    const uploader = createUploader({ api, token: () => tokens.pop() ?? token(), wait: atOnce })
    expect((await uploader.upload(stream(patternBytes(10)))).bytes).toBe(10)
  })

  test('error: aborted', async () => {
    const { uploader, sent } = await start()
    const aborter = new AbortController()
    const bytes = patternBytes(40 * mib)
    const uploading = uploader.upload(stream(bytes), {
      signal: aborter.signal,
      onProgress: () => aborter.abort(new Error('enough')),
    })
    await expect(uploading).rejects.toThrow('enough')
    expect(sent).toEqual([8 * mib])
  })

  test('error: what the server refuses is not tried again', async () => {
    const { url } = await startTestServer({ sponsoredJobs: false })
    const device = await registerDevice(url)
    const { api, sent } = counting(url)
    const uploader = createUploader({ api, token: () => device.session.token, wait: atOnce })
    const refused = await uploader.upload(stream(patternBytes(10))).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(RefusedError)
    expect((refused as RefusedError).problem.code).toBe('PostingClosedError')
    expect(sent).toEqual([10])
  })

  test('error: a server that is away is tried some times, with pauses that grow', async () => {
    const { server, token } = await start()
    await server.stop()
    const waits: number[] = []
    const { api, sent } = counting(server.url)
    const uploader = createUploader({ api, token, wait: async ms => void waits.push(ms) })
    await expect(uploader.upload(stream(patternBytes(10)))).rejects.toThrow(UnreachableError)
    expect(sent).toHaveLength(8)
    expect(waits).toHaveLength(7)
    expect(Math.max(...waits)).toBeLessThanOrEqual(20_000)
  })

  test('error: aborted while it waits for the next try', async () => {
    const { server, token } = await start()
    await server.stop()
    const aborter = new AbortController()
    const { api } = counting(server.url)
    const failing: UploaderPorts['api'] = {
      ...api,
      async postBytes(...args) {
        setTimeout(() => aborter.abort(new Error('enough')))
        return api.postBytes(...args)
      },
    }
    const uploading = createUploader({ api: failing, token }).upload(stream(patternBytes(10)), {
      signal: aborter.signal,
    })
    await expect(uploading).rejects.toThrow('enough')
  })
})

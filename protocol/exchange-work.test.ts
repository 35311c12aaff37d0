import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type ApiClient, createApiClient } from './client.ts'
import { UnreachableError } from './errors.ts'
import { exchangeWork } from './exchange-work.ts'
import type { WorkRequest } from './work.ts'
import { decodeWorkRequest, encodeWorkResponse } from './work-codec.ts'

const servers: Server[] = []
const longAgo = 'Sat, 01 Jan 2000 00:00:00 GMT'

/** Something at the other end of the wire that lives in the year 2000. @param heard is given what it hears */
async function answering(
  status: number,
  body: string | Uint8Array,
  { headers = {}, heard = [] }: { headers?: Record<string, string>; heard?: Buffer[] } = {},
): Promise<ApiClient> {
  const server = createServer(async (request, response) => {
    heard.push(Buffer.concat(await request.toArray()))
    response.writeHead(status, { 'content-type': 'application/json', date: longAgo, ...headers })
    response.end(body)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const work: WorkRequest = { requestId: '5f0c3f0e-5d5c-4d8a-8a43-0f7b2a9b6a11', seconds: 3, lanes: 2, finished: [] }
const nothing = { stored: 0, retryAfterSeconds: 3, expiresAt: 0, grant: new Uint8Array(), jobs: [], leases: [] }
const yearOf = (api: ApiClient) => new Date(api.now()).getUTCFullYear()
const isNow = (api: ApiClient) => Math.abs(api.now() - Date.now()) < 3_600_000

describe('exchangeWork', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  test('default: work is asked for and granted in bytes', async () => {
    const heard: Buffer[] = []
    const api = await answering(200, encodeWorkResponse(nothing), { heard })
    expect(await exchangeWork(api, work)).toEqual({ stored: 0, retryAfterSeconds: 3, leases: [] })
    expect(heard.map(decodeWorkRequest)).toEqual([work])
    expect(yearOf(api)).toBe(2000)
  })

  test('error: work is refused, and when to come again', async () => {
    const problem = { type: 'about:blank', title: 'No', status: 503, detail: 'Later.', code: 'OverloadedError' }
    const api = await answering(503, JSON.stringify(problem), { headers: { 'retry-after': '5' } })
    await expect(exchangeWork(api, work)).rejects.toThrow(expect.objectContaining({ problem, retryAfterSeconds: 5 }))
  })

  test.each([
    ['a hotel', '{"welcome":"to our hotel"}'],
    ['nobody', ''],
    ['half an answer', encodeWorkResponse(nothing).subarray(0, 9)],
    ['somebody who may never ask again', encodeWorkResponse({ ...nothing, retryAfterSeconds: Number.NaN })],
  ])('error: granted by %s', async (_, body) => {
    const api = await answering(200, body)
    await expect(exchangeWork(api, work)).rejects.toThrow(UnreachableError)
    expect(isNow(api)).toBe(true)
  })
})

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type ApiClient, createApiClient } from './client.ts'
import { Challenge } from './devices.ts'
import { RefusedError, UnreachableError } from './errors.ts'

const servers: Server[] = []
const longAgo = 'Sat, 01 Jan 2000 00:00:00 GMT'

/** Something at the other end of the wire that lives in the year 2000. */
async function answering(status: number, body: string): Promise<ApiClient> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', date: longAgo })
    response.end(body)
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

const challenge = JSON.stringify({ challenge: 'a'.repeat(60) })
const ask = (api: ApiClient) => api.post('/api/challenges', undefined, Challenge)
const yearOf = (api: ApiClient) => new Date(api.now()).getUTCFullYear()
const isNow = (api: ApiClient) => Math.abs(api.now() - Date.now()) < 3_600_000

describe('createApiClient', () => {
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  test('default', async () => {
    const api = await answering(200, challenge)
    expect(await ask(api)).toEqual({ challenge: 'a'.repeat(60) })
    expect(yearOf(api)).toBe(2000)
  })

  test('behavior: a refusal tells the time too', async () => {
    const problem = { type: 'about:blank', title: 'No', status: 429, detail: 'Later.', code: 'TooManyRequestsError' }
    const api = await answering(429, JSON.stringify(problem))
    await expect(ask(api)).rejects.toThrow(RefusedError)
    expect(yearOf(api)).toBe(2000)
  })

  test('behavior: an answer from a cache does not tell the time', async () => {
    const api = await answering(200, challenge)
    await api.get('/api/challenges', Challenge)
    expect(isNow(api)).toBe(true)
  })

  test('error: what is not ours does not tell the time', async () => {
    for (const status of [200, 403, 502]) {
      const api = await answering(status, '{"welcome":"to our hotel"}')
      await expect(ask(api), `${status}`).rejects.toThrow(UnreachableError)
      expect(isNow(api), `${status}`).toBe(true)
    }
  })

  test('error: the sentence promises only what is kept', async () => {
    await expect(ask(await answering(502, ''))).rejects.toThrow(
      /^No answer from http.*\. Check the connection\. A result counts if it reaches the server before its lease ends\.$/,
    )
  })
})

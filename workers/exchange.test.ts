import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createApiClient } from '../protocol/client.ts'
import type { Connection } from '../protocol/volunteer.ts'
import { createMemoryKeyStore } from './device-key.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { createSession } from './session.ts'

const servers: Server[] = []
const exchanges: Exchange[] = []
const unauthorized = { type: 'about:blank', title: 'No', status: 401, detail: 'Who is it?', code: 'UnauthorizedError' }
const opened = { token: 'a-token', expiresAt: '2100-01-01T00:00:00.000Z', deviceId: '1', accountId: '1' }

/** Opens a session for everybody, and then knows nobody. @returns the paths that were asked for */
async function forgetful() {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    const isWork = request.url === '/api/work'
    const answer = isWork ? unauthorized : request.url === '/api/devices' ? opened : { challenge: 'a-challenge' }
    response.writeHead(isWork ? 401 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { asked, api: createApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) }
}

describe('createExchange', () => {
  afterEach(() => {
    for (const exchange of exchanges.splice(0)) exchange.close()
    for (const server of servers.splice(0)) server.close().closeAllConnections()
  })

  test('error: a session that is refused although it is fresh ends in a back-off, not in a loop', async () => {
    const { asked, api } = await forgetful()
    const connection = await new Promise<Connection>(resolve => {
      const exchange = createExchange({
        api,
        session: createSession(api, createMemoryKeyStore()),
        demand: () => ({ lanes: 1, idleLanes: 1, held: 0, heldCredit: 0, speed: undefined }),
        unreported: () => [],
        onAnswer() {},
        onDropped() {},
        onConnection: resolve,
      })
      exchanges.push(exchange)
      exchange.nudge()
    })
    expect(connection).toMatchObject({ kind: 'refused', problem: unauthorized })
    const oneTry = ['/api/challenges', '/api/devices', '/api/work']
    expect(asked).toEqual([...oneTry, ...oneTry])
  })
})

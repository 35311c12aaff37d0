import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { registerDevice } from '../testing/device.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/
const idOf = (answer: Response) => answer.headers.get('x-request-id')

/** The lines that the server logged, once there are so many. */
async function lines({ logged }: TestServer, count: number): Promise<Record<string, unknown>[]> {
  await vi.waitFor(() => expect(logged.length).toBeGreaterThanOrEqual(count))
  return logged.map(line => JSON.parse(line))
}

/** Makes every statement on a table fail, for a reason that only the server's log may tell. */
const breakTable = ({ database }: TestServer, table: string) => database.query(`drop table ${table} cascade`)

describe('request ids', () => {
  test('default: every answer has its own', async () => {
    const server = await startTestServer()
    const answers = await Promise.all(
      ['/', '/api/jobs', '/api/nothing', '/assets/gone.js'].map(path => fetch(server.url + path)),
    )
    for (const answer of answers) expect(idOf(answer)).toMatch(uuid)
    expect(new Set(answers.map(idOf)).size).toBe(answers.length)
  })

  test('behavior: a trusted proxy’s is kept, where it is fit to be one', async () => {
    const server = await startTestServer({ trustedProxies: ['loopback'] })
    const ask = async (id: string) => idOf(await fetch(`${server.url}/api/jobs`, { headers: { 'x-request-id': id } }))
    expect(await ask('4bf92f3577b34da6a3ce929d0e0e4736')).toBe('4bf92f3577b34da6a3ce929d0e0e4736')
    for (const id of ['short', 'with spaces in it', 'x'.repeat(129), '{"level":"error"}'])
      expect(await ask(id)).toMatch(uuid)
  })

  test('behavior: anybody else’s is replaced', async () => {
    const server = await startTestServer({ trustedProxies: ['192.0.2.1'] })
    const answer = await fetch(`${server.url}/api/jobs`, { headers: { 'x-request-id': '4bf92f3577b34da6a3ce929d' } })
    expect(idOf(answer)).toMatch(uuid)
  })
})

describe('lines about requests', () => {
  test('default: one for each that the server failed, under its id', async () => {
    const server = await startTestServer()
    await fetch(`${server.url}/api/jobs`)
    await breakTable(server, 'job_progress')
    const answer = await fetch(`${server.url}/api/jobs/1?page=2`)
    expect(answer.status).toBe(500)
    const failures = (await lines(server, 1)).filter(({ message }) => message === 'A request failed')
    expect(failures).toEqual([
      expect.objectContaining({
        level: 'error',
        requestId: idOf(answer),
        method: 'GET',
        route: '/api/jobs/:id',
        status: 500,
        error: expect.objectContaining({ stack: expect.any(String) }),
      }),
    ])
  })

  test('behavior: what is refused shows to those who want to see it', async () => {
    const server = await startTestServer({ logLevel: 'debug' })
    const answer = await fetch(`${server.url}/api/jobs/99`)
    const [line] = await lines(server, 1)
    expect(line).toMatchObject({ level: 'debug', requestId: idOf(answer), status: 404, code: 'NotFoundError' })
  })

  test('behavior: tokens, leases and addresses never reach the log', async () => {
    const server = await startTestServer({ logLevel: 'debug', trustedProxies: ['loopback'] })
    const device = await registerDevice(server.url)
    const secrets = [device.session.token, device.publicKey, '198.51.100.7', '203.0.113.77', 'm1dnight', 'l3ase']
    const headers = { authorization: `Bearer ${device.session.token}`, 'x-forwarded-for': '203.0.113.77, 198.51.100.7' }
    const asked = [
      fetch(`${server.url}/api/leases/l3ase.1/return`, { method: 'POST', headers }),
      fetch(`${server.url}/api/account?password=m1dnight`, {
        headers: { ...headers, authorization: 'Basic m1dnight' },
      }),
      fetch(`${server.url}/api/devices`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ publicKey: device.publicKey, challenge: 'm1dnight', signature: 'A'.repeat(86) }),
      }),
    ]
    for (const answer of await Promise.all(asked)) expect(answer.status).toBeGreaterThanOrEqual(400)
    await breakTable(server, 'devices')
    expect((await fetch(`${server.url}/api/account`, { headers })).status).toBe(500)
    await lines(server, 4)
    for (const line of server.logged) for (const secret of secrets) expect(line).not.toContain(secret)
  })

  test('behavior: somebody who leaves before the end is no failure', async () => {
    const server = await startTestServer({ logLevel: 'debug' })
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write(
      'POST /api/devices HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    )
    await once(socket, 'connect')
    socket.destroy()
    const answer = await fetch(`${server.url}/api/nothing`)
    const all = await lines(server, 1)
    expect(all.map(({ requestId }) => requestId)).toContain(idOf(answer))
    expect(all.filter(({ level }) => level !== 'debug')).toEqual([])
  })
})

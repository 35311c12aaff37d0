import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from './testing/create-database.ts'
import { registerDevice } from './testing/device.ts'
import { spawnServer } from './testing/spawn-server.ts'
import { startTestServer } from './testing/start-test-server.ts'

async function createDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemill-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

describe('a server that is told to stop', () => {
  test('default: it ends with code 0 and holds no chunk, whoever is connected', async () => {
    const { url: databaseUrl, database } = await createTestDatabase()
    const server = await spawnServer({ DATABASE_URL: databaseUrl, TIDEMILL_DATA: await createDataFolder() })
    onTestFinished(() => server.end('SIGKILL'))
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const [idle] = await once(get(`${server.url}/api/jobs`, { agent }), 'response')
    await text(idle)
    const [events] = await once(get(`${server.url}/api/events`), 'response')
    await once(events, 'data')
    // It ends without a last chunk, as any stream whose server goes.
    events.on('error', () => {})
    const device = await registerDevice(server.url)
    await device.work({ lanes: 1 })
    const held = `select from chunks where owner is not null`
    expect((await database.query(held)).rows.length).toBeGreaterThan(0)
    await server.end('SIGTERM')
    expect(server.process.exitCode).toBe(0)
    expect((await database.query(held)).rows).toEqual([])
  })

  test('behavior: what is under way is answered, and a connection that is kept ends after its next answer', async () => {
    const server = await startTestServer()
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const received = text(socket)
    const post =
      'POST /api/challenges HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{'
    await once(socket, 'connect')
    socket.write(post)
    // Another connection: when it has its answer, the server has seen the head of the first one too.
    await (await fetch(`${server.url}/api/jobs`)).text()
    const stopped = server.stop()
    socket.write('}GET /api/health HTTP/1.1\r\nhost: x\r\n\r\n')
    await stopped
    const [, first, second] = (await received).split('HTTP/1.1 ')
    expect(first).toMatch(/^200 /)
    expect(second).toMatch(/^200 /)
    expect(second?.toLowerCase()).toContain('connection: close')
  })
})

describe('a server that cannot start', () => {
  test('error: the database is away, and its password stays a secret', async () => {
    const environment = {
      DATABASE_URL: 'postgresql://tidemill:s3cret@127.0.0.1:1/tidemill',
      TIDEMILL_DATA: await createDataFolder(),
    }
    const failure: Error = await spawnServer(environment).then(
      () => new Error('It started.'),
      error => error,
    )
    expect(failure.message).toContain('The database is away')
    expect(failure.message).not.toContain('s3cret')
  })
})

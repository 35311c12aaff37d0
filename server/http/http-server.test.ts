import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import { digestOf } from '../blobs/blob-store.ts'
import { quotas } from '../domain/quotas.ts'
import { registerDevice, type TestDevice } from '../testing/device.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { storeBlob } from '../testing/store-blob.ts'
import { ok } from '../testing/wire.ts'

/** Far less than a person would give, so that a test does not wait for them. */
const hasty = { headersMs: 200, requestMs: 300, idleMs: 200, checkMs: 50 }

/** A report that announces its length and then says nothing. */
function beginReport({ url }: TestServer, device: TestDevice, length = 1000): ClientRequest {
  const headers = { authorization: `Bearer ${device.session.token}`, 'content-length': length }
  const report = request(`${url}/api/work`, { method: 'POST', headers })
  report.on('error', () => {})
  report.flushHeaders()
  onTestFinished(() => void report.destroy())
  return report
}

async function answerTo(report: ClientRequest): Promise<{ status: number | undefined; code: string }> {
  const [response] = (await once(report, 'response')) as [IncomingMessage]
  const text = (await response.setEncoding('utf8').toArray()).join('')
  return { status: response.statusCode, code: Problem.parse(JSON.parse(text)).code }
}

/** Everything that a connection hears until the server ends it. */
async function hear({ url }: TestServer, dribble: (write: (text: string) => void) => void): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setEncoding('utf8')
  let heard = ''
  socket.on('data', text => {
    heard += text
  })
  // Writing to what the server has ended is the point.
  socket.on('error', () => {})
  dribble(text => void socket.write(text))
  // Not `once` of Node, which rejects where the socket has an error.
  await new Promise(closed => socket.once('close', closed))
  return heard
}

describe('createHttpServer', () => {
  test('error: a client that never ends its headers is sent away', async () => {
    const server = await startTestServer({ http: hasty })
    const heard = await hear(server, write => {
      write('POST /api/work HTTP/1.1\r\nhost: tidemill\r\n')
      const timer = setInterval(() => write('x-more: more\r\n'), 20)
      onTestFinished(() => clearInterval(timer))
    })
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('error: a client that dribbles its body is sent away, and its place is free again', async () => {
    const server = await startTestServer({ smallJobs: true, http: { ...hasty, workRequests: 1 } })
    const device = await registerDevice(server.url)
    const heard = await hear(server, write => {
      const token = `authorization: Bearer ${device.session.token}`
      write(`POST /api/work HTTP/1.1\r\nhost: tidemill\r\n${token}\r\ncontent-length: 100000\r\n\r\n`)
      const timer = setInterval(() => write('x'), 20)
      onTestFinished(() => clearInterval(timer))
    })
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
    expect((await ok(await device.work({ lanes: 1 }))).leases).toHaveLength(1)
    expect(server.logged.filter(line => line.includes('A request failed'))).toEqual([])
  })

  test('error: a client that dribbles a blob is sent away, and nothing of it stays', async () => {
    const server = await startTestServer({ http: { ...hasty, uploadBytes: 1000 } })
    const device = await registerDevice(server.url)
    const path = `/api/blobs?sha256=${'ab'.repeat(32)}`
    const heard = await hear(server, write => {
      const token = `authorization: Bearer ${device.session.token}`
      write(`POST ${path} HTTP/1.1\r\nhost: tidemill\r\n${token}\r\ncontent-length: 100000\r\n\r\n`)
      const timer = setInterval(() => write('x'), 20)
      onTestFinished(() => clearInterval(timer))
    })
    expect(heard).toMatch(/^HTTP\/1\.1 408 /)
    await expect.poll(() => readdir(join(server.dataFolder, 'blobs/drafts'))).toEqual([])
    expect(server.logged.filter(line => line.includes('A request failed'))).toEqual([])
  })

  test('behavior: a blob may take longer than a request, as long as it flows', async () => {
    const server = await startTestServer({ http: { ...hasty, uploadBytes: 1000 } })
    const device = await registerDevice(server.url)
    const bytes = Buffer.alloc(64_000, 'tide')
    async function* slowly() {
      for (let at = 0; at < bytes.length; at += 1000) {
        yield bytes.subarray(at, at + 1000)
        await new Promise(next => setTimeout(next, 15))
      }
    }
    const answer = await storeBlob(server, device, Readable.from(slowly()), digestOf(bytes))
    expect(answer.status).toBe(200)
  })

  test('behavior: a connection that only stays is ended', async () => {
    const server = await startTestServer({ http: hasty })
    const heard = await hear(server, write => write('GET /api/health HTTP/1.1\r\nhost: tidemill\r\n\r\n'))
    expect(heard).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('error: more work requests than can be answered are refused at once, before their bodies come', async () => {
    const server = await startTestServer({ http: { workRequests: 1 } })
    const device = await registerDevice(server.url)
    const first = beginReport(server, device)
    const refused = await vi.waitFor(async () => {
      const answer = await device.work({})
      expect(answer.status).toBe(503)
      return answer
    })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(Problem.parse(await refused.json()).code).toBe('OverloadedError')
    expect(await answerTo(beginReport(server, device))).toEqual({ status: 503, code: 'OverloadedError' })
    first.destroy()
    await vi.waitFor(async () => expect((await device.work({})).status).toBe(200))
  })

  test('error: a device that leaves its requests open keeps only itself out', async () => {
    const server = await startTestServer()
    const [ada, bob] = [await registerDevice(server.url), await registerDevice(server.url)]
    const open = Array.from({ length: quotas.workRequestsPerDevice }, () => beginReport(server, ada))
    await vi.waitFor(async () => {
      const answer = await ada.work({})
      expect({ status: answer.status, code: Problem.parse(await answer.json()).code }).toEqual({
        status: 429,
        code: 'TooManyRequestsError',
      })
    })
    expect((await bob.work({})).status).toBe(200)
    for (const report of open) report.destroy()
    await vi.waitFor(async () => expect((await ada.work({})).status).toBe(200))
  })

  test('error: a stranger and a body over the cap are refused before anything of the body comes', async () => {
    const server = await startTestServer()
    const device = await registerDevice(server.url)
    const stranger = { ...device, session: { ...device.session, token: 'nonsense' } }
    expect(await answerTo(beginReport(server, stranger))).toEqual({ status: 401, code: 'UnauthorizedError' })
    const tooLong = beginReport(server, device, 9 << 20)
    expect(await answerTo(tooLong)).toEqual({ status: 413, code: 'PayloadTooLargeError' })
  })
})

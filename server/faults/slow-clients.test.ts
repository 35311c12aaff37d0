import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { quotas } from '../domain/quotas.ts'
import { acknowledgedToHands, registerWorker, workUntil } from '../testing/hand-work.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { establish } from '../testing/wire.ts'

const slowHeaders = 200
const slowBodies = 200
const everyMs = 50
/** Seconds where a person would have a minute. */
const limits = { headersMs: 3000, requestMs: 3000, idleMs: 3000, checkMs: 100 }

/** A connection that says `opening`, and then a byte now and then. @returns all that it hears, once it is cut */
async function dribble({ url }: TestServer, opening: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname).setEncoding('utf8')
  let heard = ''
  socket.on('data', text => {
    heard += text
  })
  // To write to what the server has ended is the point; then the last thing heard may be lost.
  socket.on('error', () => {})
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.write(opening)
  const timer = setInterval(() => socket.write('x'), everyMs)
  onTestFinished(() => clearInterval(timer))
  await closed
  clearInterval(timer)
  return heard
}

describe('clients that send byte by byte', () => {
  test('default: several hundred are cut off, and honest devices are served meanwhile', {
    timeout: 60_000,
  }, async () => {
    const server = await startTestServer({ smallJobs: { chunkSize: 256 }, http: limits })
    const honest = [await registerWorker(server.url), await registerWorker(server.url)]
    await establish(server, ...honest.map(({ device }) => device))
    const idlers = await Promise.all(
      Array.from({ length: slowBodies / quotas.workRequestsPerDevice }, () => registerWorker(server.url)),
    )

    let cut = 0
    let storedBefore = 0
    const stored = () => honest.reduce((sum, worker) => sum + worker.stored, 0)
    const watch = async (heard: Promise<string>) => {
      const text = await heard
      if (cut++ === 0) storedBefore = stored()
      return text
    }
    const bodies = idlers.flatMap(({ device }) =>
      Array.from({ length: quotas.workRequestsPerDevice }, () =>
        watch(
          dribble(
            server,
            `POST /api/work HTTP/1.1\r\nhost: tidemill\r\nauthorization: Bearer ${device.session.token}\r\ncontent-length: 9999\r\n\r\n`,
          ),
        ),
      ),
    )
    const headers = Array.from({ length: slowHeaders }, () =>
      watch(dribble(server, 'POST /api/work HTTP/1.1\r\nhost: tidemill\r\nx-more: ')),
    )
    await Promise.all(honest.map(worker => workUntil(worker, () => cut === slowBodies + slowHeaders)))
    expect(storedBefore).toBeGreaterThan(0)
    for (const kind of [bodies, headers])
      expect(await Promise.all(kind)).toContainEqual(expect.stringMatching(/^HTTP\/1\.1 408 /))
    await invariantsHold(server.database, acknowledgedToHands(honest))
  })
})

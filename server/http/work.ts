import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { LeaseReturn, workLimits } from '../../protocol/work.ts'
import { decodeWorkRequest, workMediaType } from '../../protocol/work-codec.ts'
import { quotas } from '../domain/quotas.ts'
import { OverloadedError, TooManyRequestsError } from '../errors.ts'
import type { Session } from '../tokens.ts'
import { toRefusal } from './problem.ts'
import { readBody } from './read-body.ts'
import { authenticate, documented, limitBody, parse } from './route.ts'
import { securityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'

export type WorkEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Bytes for programs: of what protects pages, only this says anything here. */
const answerHeaders = {
  'content-type': workMediaType,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

/**
 * Answers `POST /api/work` on Node's own request and response: most requests are for work, and the framework around
 * them costs several times what Node's HTTP does. Whatever is refused is refused as early as it can be: an overload
 * before anything is looked at, a stranger before the body is read.
 */
export function createWorkEndpoint(
  { sessions, work, devicesSeen }: Services,
  { workRequests }: { readonly workRequests: number },
): WorkEndpoint {
  let underWay = 0
  const ofDevice = new Map<bigint, number>()

  /** @returns undefined where the device has gone */
  async function exchange(session: Session, request: IncomingMessage): Promise<Uint8Array | undefined> {
    const body = await readBody(request, workLimits.bodyBytes)
    if (body === 'gone') return undefined
    devicesSeen.add(session.deviceId)
    return await work.exchange(session, decodeWorkRequest(body))
  }

  /** A device needs one request at a time: one that leaves many open must not use up the room of all. */
  async function exchangeInTurn(request: IncomingMessage): Promise<Uint8Array | undefined> {
    const session = sessions.require(request.headers.authorization)
    const { deviceId } = session
    const before = ofDevice.get(deviceId) ?? 0
    if (before >= quotas.workRequestsPerDevice)
      throw new TooManyRequestsError('Other requests of this device are still under way.')
    ofDevice.set(deviceId, before + 1)
    try {
      return await exchange(session, request)
    } finally {
      const left = (ofDevice.get(deviceId) ?? 1) - 1
      if (left > 0) ofDevice.set(deviceId, left)
      else ofDevice.delete(deviceId)
    }
  }

  return async (request, response) => {
    if (underWay >= workRequests) return refuse(new OverloadedError(), request, response)
    underWay++
    try {
      const answer = await exchangeInTurn(request)
      if (answer === undefined) return
      response.writeHead(200, { ...answerHeaders, 'content-length': answer.length })
      response.end(answer)
    } catch (error) {
      refuse(error, request, response)
    } finally {
      underWay--
    }
  }

  function refuse(error: unknown, request: IncomingMessage, response: ServerResponse): void {
    const { status, headers, body } = toRefusal(error, response)
    response.writeHead(status, { ...securityHeaders, ...headers, 'content-length': Buffer.byteLength(body) })
    response.end(body)
    // What is left of the body is thrown away as it comes: a client that is cut off while it sends misses the answer.
    request.resume()
  }
}

const layout = `Big-endian. Request: version 1 (1 byte), requestId (16), seconds of the reference core (float64), lanes (1),
count of grants (1), and for each its length (2), the grant, count of results (1), and for each its place in the grant (1),
0 for an output or 1 for a failure (1), milliseconds (4), length (4), and the output or a reason in UTF-8.
Answer: version 1 (1), stored results (2), seconds after which to ask again (float64), end of the leases in milliseconds
since 1970 (float64), length of the grant (2), the grant, count of jobs (1), and for each jobId (8), digest of the kernel
(32), credit, memory cap and output cap (3 float64), length (1) and name of the kernel; count of leases (1), and for each
the place of its job (1), index of its task (8), length (4), and its input. Lease n is place n of the grant.`

/** @param answerWork answers where the path came here in another spelling; otherwise the listener asks it itself */
export const workRoutes = ({ sessions, work }: Services, answerWork: WorkEndpoint) =>
  new Hono()
    .post(
      '/work',
      documented({
        tag: 'Work',
        summary: 'Report finished work and lease new work, in one request that may be repeated',
        needsSession: true,
        body: { mediaType: workMediaType, description: layout },
        answer: { mediaType: workMediaType, description: 'OK; its layout stands with the request' },
        refusals: [
          'InvalidRequestError',
          'ForgedLeaseError',
          'LeaseLostError',
          'OutputTooLargeError',
          'PayloadTooLargeError',
          'TooManyRequestsError',
          'OverloadedError',
        ],
      }),
      async c => {
        const { incoming, outgoing } = c.env as HttpBindings
        await answerWork(incoming, outgoing)
        return RESPONSE_ALREADY_SENT
      },
    )
    .post(
      '/leases/return',
      documented({
        tag: 'Work',
        summary: 'Give leases back, so that their tasks are free for other devices',
        needsSession: true,
        refusals: ['InvalidRequestError', 'ForgedLeaseError', 'PayloadTooLargeError'],
      }),
      authenticate(sessions),
      limitBody(quotas.returnBodyBytes),
      parse('json', LeaseReturn),
      async c => {
        await work.giveBack(c.var.session, c.req.valid('json').leases)
        return c.body(null, 204)
      },
    )

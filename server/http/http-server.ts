import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { quotas } from '../domain/quotas.ts'
import { createApp } from './app.ts'
import { type BodyPace, watchBody } from './body-clock.ts'
import type { Services } from './services.ts'
import { createWorkEndpoint } from './work.ts'

/** What clients may take of the server's sockets. A connection that only holds its place costs memory too. */
export interface HttpLimits {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number
  /** From then to the end of its body: a device on a bad line still gets its report through. */
  readonly requestMs: number
  /** A blob may take longer, but in each `requestMs` so many bytes of it must come. */
  readonly uploadBytes: number
  /** Between two requests: longer than the usual proxy keeps a connection, so that it is the one to end it. */
  readonly idleMs: number
  /** How often connections are looked through for those that took too long. */
  readonly checkMs: number
  /** Requests for work that are answered at the same time. */
  readonly workRequests: number
}

export const httpLimits: HttpLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  uploadBytes: 64 << 10,
  idleMs: 75_000,
  checkMs: 2000,
  workRequests: quotas.workRequests,
}

/** The HTTP server before it listens: requests for work take the short way, all others that through the framework. */
export function createHttpServer(services: Services, limits: HttpLimits): Server {
  const answerWork = createWorkEndpoint(services, limits)
  const answerOthers = getRequestListener(createApp(services, answerWork).fetch)
  const options = {
    headersTimeout: limits.headersMs,
    // Node would end the upload of a large file, however fast it comes.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkMs,
  }
  const whole: BodyPace = { kind: 'whole', ms: limits.requestMs }
  const flowing: BodyPace = { kind: 'flowing', ms: limits.requestMs, bytes: limits.uploadBytes }
  return createServer(options, (request, response) => {
    const isUpload = request.method === 'POST' && request.url?.startsWith('/api/blobs?')
    watchBody(request, response, isUpload ? flowing : whole)
    if (request.method === 'POST' && request.url === '/api/work') void answerWork(request, response)
    else void answerOthers(request, response)
  })
}

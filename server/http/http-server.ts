import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { quotas } from '../domain/quotas.ts'
import { createApp } from './app.ts'
import type { Services } from './services.ts'
import { createWorkEndpoint } from './work.ts'

/** What clients may take of the server's sockets. A connection that only holds its place costs memory too. */
export interface HttpLimits {
  /** From the first byte of a request to the end of its headers. */
  readonly headersMs: number
  /** The same to the end of its body: a device on a bad line still gets its report through. */
  readonly requestMs: number
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
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkMs,
  }
  return createServer(options, (request, response) => {
    if (request.method === 'POST' && request.url === '/api/work') void answerWork(request, response)
    else void answerOthers(request, response)
  })
}

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { performance } from 'node:perf_hooks'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { ClientAddress } from '../client-address.ts'
import { createLineBudget } from '../line-budget.ts'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'

/** What becomes known of a request while it is answered. */
interface RequestNotes {
  readonly id: string
  /** The pattern that answers it: a path has no end, and may hold a lease. */
  route: string
  /** What it failed of. */
  error: unknown
}

/** Node's side of a request; absent where the app is called without a server around it. */
export const nodeRequest = (c: Context): Partial<HttpBindings> => (c.env ?? {}) as Partial<HttpBindings>

const notes = new WeakMap<ServerResponse, RequestNotes>()

/** Names the route that answers, for the metrics and the log. */
export function noteRoute(outgoing: ServerResponse | undefined, route: string): void {
  const own = outgoing && notes.get(outgoing)
  if (own !== undefined) own.route = route
}

/** Remembers what a request failed of; its line in the log tells it. */
export function noteError(outgoing: ServerResponse | undefined, error: unknown): void {
  const own = outgoing && notes.get(outgoing)
  if (own !== undefined) own.error = error
}

const workPath = '/api/work'
/** The client left before its answer was complete; nginx's number for it. */
const clientLeft = 499

export type RequestObserver = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/**
 * Follows every request from its head to the end of its answer: gives it an id, which the answer carries as
 * `x-request-id`, measures it, and logs it where the server fails. Answers that went well leave no line.
 *
 * @returns what is to be called with each request before it is answered
 */
export function createRequestObserver(input: {
  readonly clientAddress: ClientAddress
  readonly metrics: Metrics
  readonly log: Logger
  readonly now: () => number
}): RequestObserver {
  const { clientAddress, metrics, log, now } = input
  const budget = createLineBudget(now)

  /** The id that a trusted proxy gave it, so that its log and ours can be read together. */
  function idOf(incoming: IncomingMessage): string {
    const given = incoming.headers['x-request-id']
    const isFit = typeof given === 'string' && /^[\w.:-]{8,128}$/.test(given)
    return isFit && clientAddress.isTrusted(incoming) ? given : randomUUID()
  }

  function logFailure(
    method: string | undefined,
    status: number,
    ms: number,
    { id, route, error }: RequestNotes,
  ): void {
    if (status < 500) {
      log.debug('A request was refused', { requestId: id, method, route, status, ms, code: nameOf(error) })
      return
    }
    const leftOut = budget.take()
    if (leftOut === undefined) return
    const failed = { requestId: id, method, route, status, ms, ...(leftOut > 0 && { leftOut }) }
    if (status === 500) log.error('A request failed', { ...failed, error })
    else log.warn('A request could not be served', { ...failed, code: nameOf(error) })
  }

  return (incoming, outgoing) => {
    const startedAt = performance.now()
    const own: RequestNotes = { id: idOf(incoming), route: routeUnlessNamed(incoming), error: undefined }
    notes.set(outgoing, own)
    outgoing.setHeader('x-request-id', own.id)
    outgoing.once('close', () => {
      // A stream of events ends when its reader leaves: how long that took says nothing.
      if (outgoing.getHeader('content-type') === 'text/event-stream') return
      const ms = performance.now() - startedAt
      const status = outgoing.writableFinished ? outgoing.statusCode : clientLeft
      metrics.observeRequest(own.route, status, ms / 1000)
      if (status >= 400 && status !== clientLeft) logFailure(incoming.method, status, Math.round(ms), own)
    })
  }
}

/** What passes the framework by is known by its path. */
const routeUnlessNamed = ({ url }: IncomingMessage): string => (url === workPath ? workPath : 'unknown')

const nameOf = (error: unknown): string | undefined => (error instanceof Error ? error.name : undefined)

/** Names the route once its handler is known. */
export const namedRoute = createMiddleware(async (c, next) => {
  await next()
  noteRoute(nodeRequest(c).outgoing, routePath(c))
})

import type { ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { MalformedBytesError, type Problem } from '../../protocol/errors.ts'
import { HttpError, InternalError, InvalidRequestError } from '../errors.ts'
import type { Logger } from '../logger.ts'

/** A refusal as it is sent: `application/problem+json` (RFC 9457). */
export interface Refusal {
  readonly status: HttpError['status']
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a request made the framework or a codec throw, in our words. */
function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof MalformedBytesError) {
    const issue = { path: error.field, message: error.expected }
    return new InvalidRequestError(error.message, [issue], { cause: error })
  }
  if (error instanceof HTTPException && error.status < 500)
    return new InvalidRequestError(error.message || 'The request cannot be read.', [], { cause: error })
  return new InternalError({ cause: error })
}

/** Says whatever a handler threw as a problem; a fault of the server is logged. */
export function toRefusal(
  thrown: unknown,
  { log, method, path }: { log: Logger; method: string; path: string },
): Refusal {
  const error = toHttpError(thrown)
  if (error.status === 500) log.error('A request failed', { method, path, error: thrown })
  const problem: Problem = {
    type: `/api/docs#${error.name}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.name,
    ...error.extension,
  }
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(error.retryAfterSeconds !== undefined && { 'retry-after': `${error.retryAfterSeconds}` }),
    ...(error.status === 401 && { 'www-authenticate': 'Bearer' }),
  }
  return { status: error.status, headers, body: JSON.stringify(problem) }
}

/** Answers whatever a route throws. */
export function answerProblems(log: Logger): ErrorHandler {
  return (thrown, c) => {
    const { status, headers, body } = toRefusal(thrown, { log, method: c.req.method, path: c.req.path })
    return c.body(body, status, headers)
  }
}

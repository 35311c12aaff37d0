import type { ServerResponse } from 'node:http'
import type { ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { MalformedBytesError, type Problem } from '../../protocol/errors.ts'
import { HttpError, InternalError, InvalidRequestError } from '../errors.ts'
import { nodeRequest, noteError } from './requests.ts'

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

/** Says whatever a handler threw as a problem, and notes it for the request's line in the log. */
export function toRefusal(thrown: unknown, outgoing: ServerResponse | undefined): Refusal {
  const error = toHttpError(thrown)
  noteError(outgoing, error.status === 500 ? thrown : error)
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
export const answerProblems: ErrorHandler = (thrown, c) => {
  const { status, headers, body } = toRefusal(thrown, nodeRequest(c).outgoing as ServerResponse | undefined)
  return c.body(body, status, headers)
}

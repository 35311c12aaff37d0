import type { ErrorHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Problem } from '../../protocol/errors.ts'
import { HttpError, InternalError, InvalidRequestError } from '../errors.ts'
import { nodeRequest, noteError } from './requests.ts'

/** What a request made the framework throw, in our words. */
function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof HTTPException && error.status < 500)
    return new InvalidRequestError(error.message || 'The request cannot be read.', [], { cause: error })
  return new InternalError({ cause: error })
}

/** Turns whatever a handler throws into `application/problem+json` (RFC 9457). */
export const answerProblems: ErrorHandler = (thrown, c) => {
  const error = toHttpError(thrown)
  noteError(nodeRequest(c).outgoing, error.status === 500 ? thrown : error)
  const problem: Problem = {
    type: `/api/docs#${error.name}`,
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.name,
    ...error.extension,
  }
  if (error.retryAfterSeconds !== undefined) c.header('retry-after', `${error.retryAfterSeconds}`)
  if (error.status === 401) c.header('www-authenticate', 'Bearer')
  c.header('cache-control', 'no-store')
  return c.body(JSON.stringify(problem), error.status, { 'content-type': 'application/problem+json' })
}

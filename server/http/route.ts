import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { type DescribeRouteOptions, describeRoute, resolver, validator } from 'hono-openapi'
import type * as z from 'zod/mini'
import { type ErrorCode, Problem } from '../../protocol/errors.ts'
import { InvalidRequestError, PayloadTooLargeError } from '../errors.ts'
import type { Sessions } from '../sessions.ts'
import type { Session } from '../tokens.ts'

interface DescribedBytes {
  readonly mediaType: string
  readonly description: string
}

interface Described {
  readonly tag: string
  readonly summary: string
  /** The body, where it is no JSON that the route parses. */
  readonly body?: DescribedBytes
  /** What the answer is; absent for 204. */
  readonly answer?: { readonly schema: z.ZodMiniType } | DescribedBytes
  readonly needsSession?: boolean
  readonly refusals?: readonly ErrorCode[]
}

/** Describes a route for the OpenAPI document, from the same schemas that the route parses with. */
export function documented({ tag, summary, body, answer, needsSession = false, refusals = [] }: Described) {
  const codes: readonly ErrorCode[] = [...refusals, ...(needsSession ? (['UnauthorizedError'] as const) : [])]
  const options: DescribeRouteOptions = {
    tags: [tag],
    summary,
    ...(body && { requestBody: { description: body.description, content: { [body.mediaType]: {} } } }),
    responses: {
      ...successOf(answer),
      default: {
        description: `A problem. Codes: ${[...codes, 'DatabaseUnavailableError'].join(', ')}`,
        content: { 'application/problem+json': { schema: resolver(Problem) } },
      },
    },
    ...(needsSession && { security: [{ session: [] }] }),
  }
  return describeRoute(options)
}

function successOf(answer: Described['answer']): NonNullable<DescribeRouteOptions['responses']> {
  if (answer === undefined) return { 204: { description: 'Done' } }
  if ('schema' in answer)
    return { 200: { description: 'OK', content: { 'application/json': { schema: resolver(answer.schema) } } } }
  return { 200: { description: answer.description, content: { [answer.mediaType]: {} } } }
}

/** Parses a part of the request. @throws {InvalidRequestError} that names each place and what was expected there */
export const parse = <Target extends 'json' | 'param' | 'query', Schema extends z.ZodMiniType>(
  target: Target,
  schema: Schema,
) =>
  validator(target, schema, result => {
    if (result.success) return
    const issues = result.error.map(({ path = [], message }) => ({
      path: path.map(key => String(typeof key === 'object' ? key.key : key)).join('.'),
      message,
    }))
    const first = issues[0]
    throw new InvalidRequestError(
      first === undefined
        ? 'The request is not as expected.'
        : `${first.path === '' ? target : first.path}: ${first.message}.`,
      issues,
    )
  })

/** Refuses a body of more bytes before it is read. @throws {PayloadTooLargeError} */
export function limitBody(bytes: number) {
  const refuse = () => {
    throw new PayloadTooLargeError(bytes)
  }
  const limitStream = bodyLimit({ maxSize: bytes, onError: refuse })
  return createMiddleware(async (c, next) => {
    const length = c.req.header('content-length')
    // A length that is given is kept to by Node's parser; only a body without one must be counted while it comes.
    if (length === undefined) return limitStream(c, next)
    if (Number(length) > bytes) refuse()
    return next()
  })
}

/** Finds out who speaks before anything of the body is read. @throws {UnauthorizedError} */
export const authenticate = (sessions: Sessions) =>
  createMiddleware<{ Variables: { session: Session } }>(async (c, next) => {
    c.set('session', sessions.require(c.req.header('authorization')))
    await next()
  })

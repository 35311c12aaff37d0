import * as z from 'zod/mini'
import { LeaseToken } from './ids.ts'

/** The wire's names of what can go wrong: the `name` of an error class here, the `code` of a problem there. */
export const errorCodes = [
  'InvalidRequestError',
  'UnauthorizedError',
  'InvalidSignatureError',
  'ChallengeSpentError',
  'SignupWorkError',
  'ForgedLeaseError',
  'LeaseLostError',
  'OutputTooLargeError',
  'PayloadTooLargeError',
  'PostingClosedError',
  'QuotaExceededError',
  'BlobTooLargeError',
  'DigestMismatchError',
  'UnsatisfiableRangeError',
  'StorageFullError',
  'StorageUnavailableError',
  'NotFoundError',
  'MethodNotAllowedError',
  'NotYoursError',
  'JobStateError',
  'TooManyRequestsError',
  'OverloadedError',
  'DatabaseUnavailableError',
  'InternalError',
] as const
export const ErrorCode = z.enum(errorCodes)
export type ErrorCode = z.infer<typeof ErrorCode>

/** The body of every refusal: RFC 9457 `application/problem+json`, with our `code` and what the code carries. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: ErrorCode,
  /** InvalidRequestError: what was expected where. */
  issues: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
  /** LeaseLostError, ForgedLeaseError: the leases to drop before the report is sent again. */
  leases: z.optional(z.array(LeaseToken)),
})
export type Problem = z.infer<typeof Problem>

/** Base of every failure that a caller can meet. `name` is the wire code where the failure crosses the wire. */
export abstract class TidemillError extends Error {
  abstract override readonly name: string
}

/** The server refused a request. `problem` says why and what to do. */
export class RefusedError extends TidemillError {
  override readonly name = 'RefusedError'
  readonly problem: Problem
  /** Seconds after which to ask again, where the server said so. */
  readonly retryAfterSeconds: number | undefined
  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(problem.detail)
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Bytes that are not what the wire says they are: `field` is where, `expected` what and at which byte. */
export class MalformedBytesError extends TidemillError {
  override readonly name = 'MalformedBytesError'
  readonly field: string
  readonly expected: string
  constructor(field: string, expected: string) {
    super(`${field}: ${expected}.`)
    this.field = field
    this.expected = expected
  }
}

/** No answer that Tidemill would give: the network, a proxy or a server that is not ours is in the way. */
export class UnreachableError extends TidemillError {
  override readonly name = 'UnreachableError'
  constructor(url: string, options?: ErrorOptions) {
    super(
      `No answer from ${url}. Check the connection. A result counts if it reaches the server before its lease ends.`,
      options,
    )
  }
}

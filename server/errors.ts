import type { Digest } from '../protocol/digest.ts'
import { type ErrorCode, type Problem, TidemillError } from '../protocol/errors.ts'
import type { LeaseToken } from '../protocol/ids.ts'

/** A refusal that reaches the client as a problem: `name` is the code, `status` the HTTP status. */
export abstract class HttpError extends TidemillError {
  abstract override readonly name: ErrorCode
  abstract readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 416 | 429 | 500 | 503
  abstract readonly title: string
  /** Seconds after which to ask again. */
  readonly retryAfterSeconds?: number
  /** What the problem carries beside its sentence. */
  readonly extension: Pick<Problem, 'issues' | 'leases'> = {}
}

export class InvalidRequestError extends HttpError {
  override readonly name = 'InvalidRequestError'
  readonly status = 400
  readonly title = 'The request is not what this resource expects'
  override readonly extension: Pick<Problem, 'issues'>
  constructor(detail: string, issues: NonNullable<Problem['issues']> = [], options?: ErrorOptions) {
    super(detail, options)
    this.extension = { issues }
  }
}

export class UnauthorizedError extends HttpError {
  override readonly name = 'UnauthorizedError'
  readonly status = 401
  readonly title = 'No valid session'
  constructor(why: 'missing' | 'invalid' | 'expired') {
    super(`The session token is ${why}. Get a new one with POST /api/challenges and POST /api/devices.`)
  }
}

export class InvalidSignatureError extends HttpError {
  override readonly name = 'InvalidSignatureError'
  readonly status = 401
  readonly title = 'The device did not prove its key'
}

export class ChallengeSpentError extends HttpError {
  override readonly name = 'ChallengeSpentError'
  readonly status = 409
  readonly title = 'The challenge has been used'
  constructor() {
    super('A challenge counts once. Get a new one with POST /api/challenges.')
  }
}

export class SignupWorkError extends HttpError {
  override readonly name = 'SignupWorkError'
  readonly status = 403
  readonly title = 'A new device owes some work'
  constructor(workBits: number) {
    super(
      `A device that is new here proves ${workBits} bits of work on its challenge. Get a new one with POST /api/challenges, and send its workNonce.`,
    )
  }
}

export class ForgedLeaseError extends HttpError {
  override readonly name = 'ForgedLeaseError'
  readonly status = 403
  readonly title = 'A lease that this server did not give to this device'
  override readonly extension: Pick<Problem, 'leases'>
  constructor(leases: readonly LeaseToken[]) {
    super('Not given to this device by this server. Nothing of the report was stored; send it again without them.')
    this.extension = { leases: [...leases] }
  }
}

export class LeaseLostError extends HttpError {
  override readonly name = 'LeaseLostError'
  readonly status = 409
  readonly title = 'A lease that is over'
  override readonly extension: Pick<Problem, 'leases'>
  constructor(leases: readonly LeaseToken[]) {
    super('Expired, given back, or returned by another device. Send the report again without them.')
    this.extension = { leases: [...leases] }
  }
}

export class OutputTooLargeError extends HttpError {
  override readonly name = 'OutputTooLargeError'
  readonly status = 413
  readonly title = 'An output over the cap'
  override readonly extension: Pick<Problem, 'leases'>
  constructor(leases: readonly LeaseToken[], capBytes: number) {
    super(`An output may have ${capBytes} bytes. Nothing of the report was stored; send it again without these.`)
    this.extension = { leases: [...leases] }
  }
}

export class PayloadTooLargeError extends HttpError {
  override readonly name = 'PayloadTooLargeError'
  readonly status = 413
  readonly title = 'The request is too large'
  constructor(capBytes: number) {
    super(`The body of this request may have ${capBytes} bytes.`)
  }
}

export class PostingClosedError extends HttpError {
  override readonly name = 'PostingClosedError'
  readonly status = 403
  readonly title = 'This server takes no jobs from the web'
  constructor() {
    super(
      'This server takes no jobs. Its operator can allow them with TIDEMILL_SPONSORED_JOBS=on; or post to your own.',
    )
  }
}

/** An account has used up what it may have. `what` is its name, as in "stored files". */
export class QuotaExceededError extends HttpError {
  override readonly name = 'QuotaExceededError'
  readonly status = 403
  readonly title = 'More than this account may have'
  constructor({ what, used, most, advice }: { what: string; used: string; most: string; advice: string }) {
    super(`This account has used ${used} of ${most} of ${what}, and this would be more. ${advice}`)
  }
}

export class BlobTooLargeError extends HttpError {
  override readonly name = 'BlobTooLargeError'
  readonly status = 413
  readonly title = 'A file that is too large'
  constructor(mostBytes: number) {
    super(`One file may have ${mostBytes} bytes. Cut it into smaller ones.`)
  }
}

export class DigestMismatchError extends HttpError {
  override readonly name = 'DigestMismatchError'
  readonly status = 400
  readonly title = 'The bytes are not what they are said to be'
  constructor({ expected, found }: { expected: Digest; found: Digest }) {
    super(`Expected bytes with the SHA-256 ${expected}; what came has ${found}. Nothing was stored; send them again.`)
  }
}

export class UnsatisfiableRangeError extends HttpError {
  override readonly name = 'UnsatisfiableRangeError'
  readonly status = 416
  readonly title = 'A range outside of the bytes'
  constructor(bytes: number) {
    super(`The range is outside of the blob, which has ${bytes} bytes.`)
  }
}

export class StorageFullError extends HttpError {
  override readonly name = 'StorageFullError'
  readonly status = 503
  readonly title = 'The server has no room left'
  override readonly retryAfterSeconds = 600
  constructor(options?: ErrorOptions) {
    super(
      'The disk of the server is full, and nothing was stored. Its operator has to make room; try again then.',
      options,
    )
  }
}

export class StorageUnavailableError extends HttpError {
  override readonly name = 'StorageUnavailableError'
  readonly status = 503
  readonly title = 'The storage of files is away'
  override readonly retryAfterSeconds = 5
  constructor(options?: ErrorOptions) {
    super('Where files are stored does not answer. Nothing was stored; try again in a moment.', options)
  }
}

export class NotFoundError extends HttpError {
  override readonly name = 'NotFoundError'
  readonly status = 404
  readonly title = 'Nothing here'
}

export class MethodNotAllowedError extends HttpError {
  override readonly name = 'MethodNotAllowedError'
  readonly status = 405
  readonly title = 'This resource does not know that method'
}

export class NotYoursError extends HttpError {
  override readonly name = 'NotYoursError'
  readonly status = 403
  readonly title = 'Somebody else’s'
}

/** What was asked for does not fit where the job or the trial stands; `detail` says where that is. */
export class JobStateError extends HttpError {
  override readonly name = 'JobStateError'
  readonly status = 409
  readonly title = 'Not now'
}

export class TooManyRequestsError extends HttpError {
  override readonly name = 'TooManyRequestsError'
  readonly status = 429
  readonly title = 'Too many requests'
  override readonly retryAfterSeconds: number
  constructor(detail: string, retryAfterSeconds = 10) {
    super(detail)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export class OverloadedError extends HttpError {
  override readonly name = 'OverloadedError'
  readonly status = 503
  readonly title = 'The server has as much to do as it can'
  override readonly retryAfterSeconds = 5
  constructor() {
    super('Nothing of the request was looked at. Keep what you have, and ask again in a moment.')
  }
}

export class DatabaseUnavailableError extends HttpError {
  override readonly name = 'DatabaseUnavailableError'
  readonly status = 503
  readonly title = 'The database is away'
  override readonly retryAfterSeconds = 2
  constructor(options?: ErrorOptions) {
    super('The database is away. Nothing that was acknowledged is lost; try again in a moment.', options)
  }
}

export class InternalError extends HttpError {
  override readonly name = 'InternalError'
  readonly status = 500
  readonly title = 'A fault of the server'
  constructor(options?: ErrorOptions) {
    super('The server has a fault; its log has the details. Nothing that was acknowledged is lost.', options)
  }
}

import * as z from 'zod/mini'

/** PostgreSQL's bigint ends here, and so do our ids and counts. */
const largest = 2n ** 63n - 1n
const fits = (text: string): boolean => text.split('-').every(part => BigInt(part) <= largest)

const decimal = z
  .string()
  .check(
    z.regex(/^(0|[1-9]\d{0,18})$/, { error: 'expected a decimal number', abort: true }),
    z.refine(fits, 'expected a number below 2^63'),
  )

export const JobId = decimal.brand<'JobId'>()
export type JobId = z.infer<typeof JobId>

/** `job-index`, for example `2-1048576`: one independent unit of a job. */
export const TaskId = z
  .string()
  .check(
    z.regex(/^(0|[1-9]\d{0,18})-(0|[1-9]\d{0,18})$/, {
      error: 'expected job-index, for example 2-1048576',
      abort: true,
    }),
    z.refine(fits, 'expected numbers below 2^63'),
  )
  .brand<'TaskId'>()
export type TaskId = z.infer<typeof TaskId>

export const AccountId = decimal.brand<'AccountId'>()
export type AccountId = z.infer<typeof AccountId>

export const DeviceId = decimal.brand<'DeviceId'>()
export type DeviceId = z.infer<typeof DeviceId>

/**
 * The server's signed permission to compute one replica of a task: `<grant in base64url>.<place in the grant>`. One grant
 * signs all leases of an answer. Opaque to its holder.
 */
export const LeaseToken = z
  .string()
  .check(
    z.regex(/^[\w-]{22,2731}\.(\d|[1-5]\d|6[0-3])$/, { error: 'expected a lease token', abort: true }),
    z.refine(token => token.lastIndexOf('.') % 4 !== 1, 'expected whole bytes'),
  )
  .brand<'LeaseToken'>()
export type LeaseToken = z.infer<typeof LeaseToken>

/** A 64-bit count on the wire: a decimal string, since JSON numbers end at 2^53. */
export const Count = decimal

/** Joins a job and the index of one of its tasks; {@link parseTaskId} is the inverse. */
export const taskId = (jobId: JobId, index: bigint): TaskId => `${jobId}-${index}` as TaskId

export function parseTaskId(id: TaskId): { jobId: JobId; index: bigint } {
  const dash = id.indexOf('-')
  return { jobId: id.slice(0, dash) as JobId, index: BigInt(id.slice(dash + 1)) }
}

import { type CheckRecord, isOnProbation } from './credibility.ts'

const windowMs = 24 * 3_600_000
/** New accounts of one network, within the window, that have neither left their probation nor failed. */
const mostNew = 32
/** Accounts of one network that may be found wrong within the window before it gets no further ones. */
const mostFailed = 3
/** So many accounts with a good record make up for one more that was found wrong: large networks have some of all. */
const provenPerFailed = 10

/** An account that was registered from a network. */
export interface Registration {
  readonly at: number
  /** `failed`: a check failed and the probation that followed is not over. */
  readonly state: 'new' | 'proven' | 'failed'
}

export const registrationState = (record: CheckRecord): Registration['state'] =>
  isOnProbation(record) ? (record.failedAt === undefined ? 'new' : 'failed') : 'proven'

export type RegistrationAnswer =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly retryAfterMs: number }

/**
 * Whether a network may register another account: sliding windows over its accounts that have proven nothing yet, and
 * over those that were found wrong. A school whose computers compute takes no place; somebody who throws accounts away
 * soon waits.
 *
 * @param registrations of the network, in any order. Loopback is no network: there is nothing to ask
 */
export function mayRegister(registrations: readonly Registration[], now: number): RegistrationAnswer {
  const recent = registrations.filter(({ at }) => at > now - windowMs)
  const timesOf = (state: Registration['state']) =>
    recent.flatMap(({ at, state: own }) => (own === state ? [at] : [])).sort((a, b) => a - b)
  const failedAllowed = mostFailed + Math.floor(timesOf('proven').length / provenPerFailed)
  const freeAt = Math.max(freesAt(timesOf('new'), mostNew), freesAt(timesOf('failed'), failedAllowed))
  return freeAt <= now ? { kind: 'allowed' } : { kind: 'refused', retryAfterMs: freeAt - now }
}

/** When so many of these have left the window that less than `most` are in it. */
const freesAt = (times: readonly number[], most: number): number =>
  times.length < most ? Number.NEGATIVE_INFINITY : (times[times.length - most] as number) + windowMs

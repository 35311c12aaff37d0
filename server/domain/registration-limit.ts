import { type CheckRecord, isOnProbation } from './credibility.ts'

const dayMs = 24 * 3_600_000
/** New accounts of one network, within a day, that have neither left their probation nor failed. */
const newAccounts = { most: 32, windowMs: dayMs }
/** Accounts of one network that may be found wrong within three days before it gets no further ones. */
const failedAccounts = { most: 2, windowMs: 3 * dayMs }
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

/** An account's checks on all kernels as one state: a failure anywhere outweighs what it proved elsewhere. */
export function stateOfAccount(records: readonly CheckRecord[]): Registration['state'] {
  const states = records.map(registrationState)
  return (['failed', 'proven'] as const).find(state => states.includes(state)) ?? 'new'
}

export type RegistrationAnswer =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly retryAfterMs: number }

/**
 * Whether a network may register another account: sliding windows over its accounts that have proven nothing yet, and
 * over those that were found wrong. A school whose computers compute takes no place; somebody who throws accounts away
 * soon waits.
 *
 * @param registrations of the network since {@link registrationsSince}, in any order. Loopback is no network: there is nothing to ask
 */
export function mayRegister(registrations: readonly Registration[], now: number): RegistrationAnswer {
  const timesOf = (state: Registration['state'], windowMs: number) =>
    registrations
      .flatMap(({ at, state: own }) => (own === state && at > now - windowMs ? [at] : []))
      .sort((a, b) => a - b)
  const proven = registrations.filter(({ state }) => state === 'proven').length
  const failedAllowed = failedAccounts.most + Math.floor(proven / provenPerFailed)
  const freeAt = Math.max(
    freesAt(timesOf('new', newAccounts.windowMs), newAccounts.most, newAccounts.windowMs),
    freesAt(timesOf('failed', failedAccounts.windowMs), failedAllowed, failedAccounts.windowMs),
  )
  return freeAt <= now ? { kind: 'allowed' } : { kind: 'refused', retryAfterMs: freeAt - now }
}

/** The accounts of a network that are asked for: those registered since then. */
export const registrationsSince = (now: number): number => now - failedAccounts.windowMs

/** When so many of these have left the window that less than `most` are in it. */
const freesAt = (times: readonly number[], most: number, windowMs: number): number =>
  times.length < most ? Number.NEGATIVE_INFINITY : (times[times.length - most] as number) + windowMs

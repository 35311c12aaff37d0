const windowMs = 24 * 3_600_000
/** New accounts of one network, within a day, that have not left their probation. */
const mostUnproven = 8

/** An account that was registered from a network. */
export interface Registration {
  readonly at: number
  /** It has left its probation and has not failed a check since: it takes no place any more. */
  readonly isProven: boolean
}

export type RegistrationAnswer =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly retryAfterMs: number }

/**
 * Whether a network may register another account: a sliding window over its accounts that have proven nothing yet. A
 * school whose computers compute takes no place; somebody who throws accounts away soon waits.
 *
 * @param registrations of the network, in any order. Loopback is no network: ask for none
 */
export function mayRegister(registrations: readonly Registration[], now: number): RegistrationAnswer {
  const unproven = registrations.filter(({ at, isProven }) => !isProven && at > now - windowMs)
  if (unproven.length < mostUnproven) return { kind: 'allowed' }
  const times = unproven.map(({ at }) => at).sort((a, b) => a - b)
  // When so many are past the window that one place is free.
  const freesAt = (times[times.length - mostUnproven] as number) + windowMs
  return { kind: 'refused', retryAfterMs: Math.max(0, freesAt - now) }
}

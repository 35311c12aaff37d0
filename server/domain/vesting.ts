/** How long after its acceptance what a result earned can still be lost. */
export const vestingMs = 24 * 3_600_000

/** What an accepted result earned, in micro-credits. */
export interface Earning {
  readonly microCredits: bigint
  readonly vestsAt: number
}

/** When an earning vests. @param isLocal a server for its operator alone, where there is nobody to wait for */
export const vestsAt = (acceptedAt: number, isLocal: boolean): number => acceptedAt + (isLocal ? 0 : vestingMs)

export const isVested = ({ vestsAt: at }: Earning, now: number): boolean => at <= now

/** Earnings apart by whether they can still be lost. */
export function splitEarnings<T extends Earning>(
  earnings: readonly T[],
  now: number,
): { readonly vested: readonly T[]; readonly unvested: readonly T[] } {
  return {
    vested: earnings.filter(earning => isVested(earning, now)),
    unvested: earnings.filter(earning => !isVested(earning, now)),
  }
}

/** What a proven wrong result costs its account: all that has not vested. Nobody ever owes anything. */
export const forfeited = (earnings: readonly Earning[], now: number): bigint =>
  splitEarnings(earnings, now).unvested.reduce((sum, { microCredits }) => sum + microCredits, 0n)

/** Share of devices that is assumed to sabotage (Sarmenta's f). */
const assumedSaboteurs = 0.2
/** So many passed checks end the probation. */
export const probationChecks = 10
/** The least record with which a newcomer’s word (4 : 1) reaches the default confidence: such an account is established. */
export const establishedChecks = 51
const probationCredibility = 1 - assumedSaboteurs
/** Nobody is believed more than the operator's own device: a record of years must not outvote several others. */
const greatestCredibility = 0.9999
/** A long clean run forgives: so many passed checks take one strike back. */
const checksPerStrike = 20

/** What the checks of one account on one kernel have said so far. */
export interface CheckRecord {
  /** Checks passed since the last failure. */
  readonly passed: number
  /** Failures that have not been forgiven. */
  readonly strikes: number
  /** When the last check failed, in milliseconds; undefined: never. */
  readonly failedAt: number | undefined
}

/** `at` in milliseconds. */
export interface CheckOutcome {
  readonly kind: 'passed' | 'failed'
  readonly at: number
}

export const newRecord: CheckRecord = { passed: 0, strikes: 0, failedAt: undefined }

/**
 * Folds one check into a record: a task accepted with the account's ballot agreeing, or a probe, is a passed check; a
 * ballot that disagrees with an accepted answer is a failed one and zeroes the record.
 *
 * A task that failed, or that is disputed, is no check for anybody: to say "it trapped" costs nothing, so agreeing
 * with that must not earn a record.
 */
export function foldCheck(record: CheckRecord, { kind, at }: CheckOutcome): CheckRecord {
  if (kind === 'failed') return { passed: 0, strikes: record.strikes + 1, failedAt: at }
  const passed = record.passed + 1
  const isForgiven = passed % checksPerStrike === 0 && record.strikes > 0
  return { passed, strikes: isForgiven ? record.strikes - 1 : record.strikes, failedAt: record.failedAt }
}

/**
 * The probability that an account's next result is right, from its record: `1 - f / k` after k passed checks, and
 * `1 - f` on probation.
 *
 * Source: Luis F. G. Sarmenta, Sabotage-Tolerance Mechanisms for Volunteer Computing Systems, Future Generation
 * Computer Systems 18(4), 2002, section 5.
 *
 * A vote is weighed with the credibility that its account had when the vote was appended to the log, and that number
 * is stored with the vote: what an account does later changes no verdict, and folding the log again says the same.
 *
 * @example credibilityOf({ passed: 100, strikes: 0, failedAt: undefined }) // 0.998
 */
export function credibilityOf({ passed }: CheckRecord): number {
  if (passed < probationChecks) return probationCredibility
  return Math.min(1 - assumedSaboteurs / passed, greatestCredibility)
}

/** What the operator's own device is believed, whatever its record: it may be the only other one. */
export const houseCredibility = greatestCredibility

export const isOnProbation = ({ passed }: CheckRecord): boolean => passed < probationChecks
export const isEstablished = ({ passed }: CheckRecord): boolean => passed >= establishedChecks
/** Both, read off the credibility that was stored with a vote. */
export const isBeyondProbation = (credibility: number): boolean => credibility > probationCredibility
export const hasEstablishedCredibility = (credibility: number): boolean =>
  credibility >= 1 - assumedSaboteurs / establishedChecks

/** Folds several new checks at once: one failure makes what was passed beside it worth nothing. */
export function foldChecks(
  record: CheckRecord,
  { passed, failed, at }: { readonly passed: number; readonly failed: number; readonly at: number },
): CheckRecord {
  if (failed > 0) return { passed: 0, strikes: record.strikes + failed, failedAt: at }
  const total = record.passed + passed
  const forgiven = Math.floor(total / checksPerStrike) - Math.floor(record.passed / checksPerStrike)
  return { passed: total, strikes: Math.max(0, record.strikes - forgiven), failedAt: record.failedAt }
}

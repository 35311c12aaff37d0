import type { LeaseToken } from '../protocol/ids.ts'
import { workLimits } from '../protocol/work.ts'
import type { HeldLease } from './holdings.ts'

/** Results wait so long for company: several lanes that end together become one request. */
export const reportDelayMs = 300
/** Between the starts of two requests, whatever happens: a device cannot ask or report in a fast loop. */
const shortestGapMs = 250
/**
 * A lane works on one batch and has one ready, so that it outlives a server that is away for some seconds. No more is
 * held: a lease that only waits keeps its task from its verdict.
 */
const batchSeconds = 6
const batches = 2
/** A task that is longer than a batch is one by itself. */
const leasesPerLane = batches

/** What the lanes have and could do. */
export interface Demand {
  /** Lanes that compute; 0 where no work is wanted. */
  readonly lanes: number
  readonly idleLanes: number
  /** Leases that run or wait for a lane. */
  readonly held: number
  /** Seconds of the reference core that are left in them. */
  readonly heldCredit: number
  /** Credit that one lane earns in a second, as measured; undefined before the first result. */
  readonly speed: number | undefined
}

export interface ExchangeView extends Demand {
  readonly nowMs: number
  /** When the last request went out. */
  readonly sentAtMs: number
  /** When the oldest unreported result was finished. */
  readonly oldestResultMs: number | undefined
  /** The server had too little work: it is not asked for more before this. */
  readonly askAtMs: number
}

/** What a request asks for: the fields of a `WorkRequest` of the same names. */
export interface Ask {
  readonly seconds: number
  readonly lanes: number
}

export type ExchangePlan =
  | { readonly kind: 'send'; readonly ask: Ask }
  | { readonly kind: 'wait'; readonly untilMs: number }
  /** Nothing to do before something changes. */
  | { readonly kind: 'rest' }

const nothing: Ask = { seconds: 0, lanes: 0 }

/** @returns undefined while the lanes have enough */
export function wantedWork({ lanes, held, heldCredit, speed }: Demand): Ask | undefined {
  if (lanes === 0) return undefined
  const missing = Math.max(0, lanes * leasesPerLane - held)
  const ask = { seconds: 0, lanes: Math.min(workLimits.leasesPerRequest, missing) }
  // A device that does not know its speed takes a lease or two, not seconds that may be minutes for it.
  if (speed === undefined) return missing > 0 ? ask : undefined
  const lastsSeconds = heldCredit / speed / lanes
  if (missing === 0 && lastsSeconds >= batchSeconds) return undefined
  const seconds = Math.max(0, batches * batchSeconds - lastsSeconds) * lanes * speed
  return { ...ask, seconds: Math.min(workLimits.secondsPerRequest, seconds) }
}

/** Decides when the next `POST /api/work` goes out and what it asks for. No lane waits while there is work to be had. */
export function planExchange(view: ExchangeView): ExchangePlan {
  const { nowMs, sentAtMs, oldestResultMs, askAtMs } = view
  const gapEndsMs = sentAtMs + shortestGapMs
  // A clock that was set back since holds nothing up.
  const isTooSoon = nowMs >= sentAtMs && nowMs < gapEndsMs
  const wanted = wantedWork(view)
  const ask = wanted && nowMs >= askAtMs ? wanted : undefined
  const reportAtMs = oldestResultMs === undefined ? Number.POSITIVE_INFINITY : oldestResultMs + reportDelayMs
  const isUrgent = view.idleLanes > 0 || oldestResultMs === undefined
  if ((ask && isUrgent) || nowMs >= reportAtMs)
    return isTooSoon ? { kind: 'wait', untilMs: gapEndsMs } : { kind: 'send', ask: ask ?? nothing }
  const untilMs = Math.min(reportAtMs, wanted && !ask ? askAtMs : Number.POSITIVE_INFINITY)
  return Number.isFinite(untilMs) ? { kind: 'wait', untilMs } : { kind: 'rest' }
}

/**
 * A lane's full speed after one more run, smoothed.
 *
 * @param measured undefined where the run was too short to tell
 * @param cpuShare of the time in which that run was allowed to compute
 */
export function nextSpeed(speed: number | undefined, measured: number | undefined, cpuShare: number) {
  if (measured === undefined) return speed
  const atFull = measured / cpuShare
  const smoothed = speed === undefined ? atFull : 0.7 * speed + 0.3 * atFull
  return Math.min(1000, Math.max(0.001, smoothed))
}

/** @returns the leases to give back when lanes become fewer: what was begun stays, and one per lane */
export const surplus = (queued: readonly HeldLease[], lanes: number): readonly LeaseToken[] =>
  queued
    .filter(({ checkpoint }) => checkpoint === undefined)
    .slice(lanes)
    .map(({ lease }) => lease.lease)

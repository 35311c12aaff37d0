/** A lease lives long enough for a reload, or a pause over lunch. */
const shortestMs = 15 * 60_000
/** Nobody has measured the device yet: twenty times slower than the reference core. */
const unknownSlowness = 20
/** What a device says of its time is believed only between these. */
const slownessBounds = { least: 0.05, most: 50 }
/** How often the expected time fits into a lease: cores are shared, batteries throttle. */
const allowance = 5
/** How much of the measured slowness the latest result says. A slower one counts more: it is what leases must outlive. */
const weights = { slower: 0.5, faster: 0.1 }

/** A measured device: how many seconds it takes for a second of the reference core. */
export type Slowness = number | undefined

/** Folds in how long a result took. Nothing that a device claims makes a lease live for ever. */
export function foldSlowness(
  slowness: Slowness,
  { credit, elapsedMs }: { credit: number; elapsedMs: number },
): Slowness {
  if (credit <= 0) return slowness
  const latest = Math.min(Math.max(elapsedMs / 1000 / credit, slownessBounds.least), slownessBounds.most)
  if (slowness === undefined) return latest
  return slowness + (latest - slowness) * (latest > slowness ? weights.slower : weights.faster)
}

/**
 * How long a lease lives.
 *
 * @param credit seconds of the reference core that the task takes
 * @param slowness of the device, as measured
 * @param queuedCredit the same of what one core of the device computes before it
 * @returns milliseconds
 */
export function leaseMs(credit: number, slowness?: Slowness, queuedCredit = 0): number {
  const seconds = (credit + queuedCredit) * (slowness === undefined ? unknownSlowness : slowness * allowance)
  return Math.max(shortestMs, Math.ceil(seconds * 1000))
}

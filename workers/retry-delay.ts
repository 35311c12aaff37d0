const firstMs = 1000
const longestMs = 30_000

/**
 * Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), so that a fleet that
 * lost its server together does not come back together. What the server asked for is waited out in any case, and the
 * longer that is, the wider the fleet is spread after it.
 *
 * @param attempt failures in a row before this one, from 0
 * @param random from 0 to 1
 */
export function retryDelayMs(attempt: number, random: number, retryAfterSeconds = 0): number {
  const askedMs = retryAfterSeconds * 1000
  return askedMs + random * Math.min(longestMs, Math.max(askedMs, firstMs * 2 ** Math.min(attempt, 16)))
}

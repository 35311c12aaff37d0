/** Long enough that V8's optimised code is reached and calls cost nothing, short enough that Pause feels instant. */
const targetMs = 15
const largestChange = 8
/** `step` takes an i32. */
export const largestBudget = 0x7fffffff

/**
 * How many units the next `step` gets, so that it takes about 15 ms: what the last one took, scaled.
 * A clock too coarse to see the last step at all counts as "far too short".
 */
export function nextBudget(budget: number, tookMs: number): number {
  const wanted = tookMs > 0 ? targetMs / tookMs : largestChange
  const change = Math.min(largestChange, Math.max(1 / largestChange, wanted))
  return Math.min(largestBudget, Math.max(1, Math.round(budget * change)))
}

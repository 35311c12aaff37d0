/** Less than this of time or work tells nothing about a speed. */
const shortestMs = 1000
const leastDone = 0.002

/**
 * Milliseconds that are left at the speed since the run began.
 *
 * @param doneFrom progress at which this run took the task up
 * @returns undefined while that cannot be told
 */
export function remainingMs(run: { doneFrom: number; progress: number; sinceMs: number }): number | undefined {
  const done = run.progress - run.doneFrom
  if (run.sinceMs < shortestMs || done < leastDone) return undefined
  return Math.round(((1 - run.progress) * run.sinceMs) / done)
}

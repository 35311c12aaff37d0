/** Rest that is shorter than this is saved up: timers are no finer. */
const shortestRestMs = 4
/** Rest beyond what was owed (the machine slept, the tab was frozen) buys no more than this much of full speed. */
const largestCreditMs = 50
/**
 * A call counts for no more than this. The pool ends a call that computes for so long, so one that took longer did not:
 * the machine slept in its middle. Less would break the CPU limit for kernels whose steps are long.
 */
const longestCallMs = 10_000
/** A longer rest is taken in slices: between them the runner gives a sign of life and looks whether it shall pause. */
const longestSliceMs = 250

/** Rest that computing `computedMs` adds, so that computing takes `cpuPercent` of the time. */
export function oweRest(debtMs: number, computedMs: number, cpuPercent: number): number {
  if (cpuPercent >= 100) return 0
  return debtMs + (Math.min(longestCallMs, computedMs) * (100 - cpuPercent)) / cpuPercent
}

/** How long to rest now, before looking again; 0 while it is not worth a timer. */
export const restDueMs = (debtMs: number): number => (debtMs >= shortestRestMs ? Math.min(longestSliceMs, debtMs) : 0)

/** What is owed after a rest, by the clock: a timer that fires late is paid back. */
export const payRest = (debtMs: number, restedMs: number): number => Math.max(-largestCreditMs, debtMs - restedMs)

/** Rest that is shorter than this is saved up: timers are no finer. */
const shortestRestMs = 4
/** Rest beyond what was owed (the machine slept, the tab was frozen) buys no more than this much of full speed. */
const largestCreditMs = 50

/** Rest that computing `computedMs` adds, so that computing takes `cpuPercent` of the time. */
export function oweRest(debtMs: number, computedMs: number, cpuPercent: number): number {
  if (cpuPercent >= 100) return 0
  return debtMs + (computedMs * (100 - cpuPercent)) / cpuPercent
}

/** How long to rest now; 0 while it is not worth a timer. */
export const restDueMs = (debtMs: number): number => (debtMs >= shortestRestMs ? debtMs : 0)

/** What is owed after a rest, by the clock: a timer that fires late is paid back. */
export const payRest = (debtMs: number, restedMs: number): number => Math.max(-largestCreditMs, debtMs - restedMs)

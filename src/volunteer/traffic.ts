// Both were measured on the wire, headers and both directions counted, between Chromium on /compute and a server of two
// jobs: 163 kB in 65 s with 21 tasks, and 107 kB in 60 s with 3, so 2.6 kB a task and 6.0 MB an hour for the figures.

/** A result with its report on the way there, and the next lease on the way back. */
const bytesPerTask = 3_000
/** Figures of the page while it computes and is looked at, with a full list of fifty results. */
const bytesPerHourOfFigures = 6_000_000

/**
 * An upper estimate of the traffic in an hour: as if every core were as fast as the reference core and none ever waited.
 */
export function hourlyBytes(
  { cores, cpuPercent }: { cores: number; cpuPercent: number },
  jobs: readonly { readonly creditPerTask: number }[],
): number {
  if (jobs.length === 0) return bytesPerHourOfFigures
  const secondsPerTask = jobs.reduce((sum, { creditPerTask }) => sum + creditPerTask, 0) / jobs.length
  const tasksPerHour = (cores * (cpuPercent / 100) * 3600) / secondsPerTask
  return bytesPerHourOfFigures + tasksPerHour * bytesPerTask
}

/** A result with its report on the way there, and the next lease on the way back: two to four kilobytes, measured. */
const bytesPerTask = 3_000
/** Figures of the page, an hour long, while it is looked at: measured compressed, rounded up. */
const bytesPerHourOfFigures = 4_000_000

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

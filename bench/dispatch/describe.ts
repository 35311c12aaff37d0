import type { Measurement } from './measure.ts'

/** A measurement in one line, for people. */
export function describeMeasurement(name: string, measurement: Measurement): string {
  const { acceptedPerSecond, tasksPerSecond, counts, cores } = measurement
  const per = (amount: number, of: number) => (of === 0 ? 0 : amount / of)
  const refusals = Object.entries(counts.refusals).map(([code, times]) => `, ${code} ${times} times`)
  return [
    `${name}: ${acceptedPerSecond} accepted/s, ${Math.round(counts.acknowledged / counts.seconds)} acknowledged/s`,
    `${Math.round(counts.requests / counts.seconds)} requests/s of ${per(counts.acknowledged, counts.requests).toFixed(1)} results`,
    `p50 ${counts.p50Ms.toFixed(1)} ms, p99 ${counts.p99Ms.toFixed(1)} ms, longest ${counts.longestMs.toFixed(0)} ms`,
    `${Math.round(per(counts.bytes / counts.seconds, tasksPerSecond))} bytes and ${per(counts.acknowledged / counts.seconds, tasksPerSecond).toFixed(2)} results a task`,
    `cores: server ${cores.server.toFixed(2)}, postgres ${cores.postgres.toFixed(2)}, fleet ${cores.fleet.toFixed(2)}, others ${cores.others.toFixed(2)}`,
    `empty answers ${counts.emptyAnswers}${refusals.join('')}`,
  ].join('; ')
}

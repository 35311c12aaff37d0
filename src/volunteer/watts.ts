/** Watts that one busy core adds to an idle device: a thrifty laptop to a fast desktop. An assumption, said as one. */
const wattsPerCore = { low: 3, high: 12 } as const

/** The range of extra electric power, in watts, that a grant asks of a device. */
export function extraWatts({ cores, cpuPercent }: { cores: number; cpuPercent: number }): {
  low: number
  high: number
} {
  const busyCores = (cores * cpuPercent) / 100
  return { low: busyCores * wattsPerCore.low, high: busyCores * wattsPerCore.high }
}

import type { Stats } from '../../protocol/network.ts'

export interface Minute {
  readonly at: number
  readonly returned: number
  readonly accepted: number
}

const minuteMs = 60_000

/** The sixty minutes up to now, oldest first: the server leaves out those in which nothing happened. */
export function lastHour(perMinute: Stats['perMinute'], now: number): Minute[] {
  const known = new Map(perMinute.map(entry => [Math.floor(Date.parse(entry.minute) / minuteMs), entry]))
  const last = Math.floor(now / minuteMs)
  return Array.from({ length: 60 }, (_, index) => {
    const minute = last - 59 + index
    const entry = known.get(minute)
    return { at: minute * minuteMs, returned: entry?.returned ?? 0, accepted: entry?.accepted ?? 0 }
  })
}

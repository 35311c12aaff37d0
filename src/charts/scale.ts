/** Maps a value to a place on the page. */
export type Scale = (value: number) => number

export interface Range {
  readonly from: number
  readonly to: number
}

/** Linear; a domain without extent lands in the middle of the range. */
export function linearScale(domain: Range, range: Range): Scale {
  const extent = domain.to - domain.from
  if (extent === 0) return () => (range.from + range.to) / 2
  return value => range.from + ((value - domain.from) / extent) * (range.to - range.from)
}

/** Round values that cover the domain: steps of 1, 2 or 5 times a power of ten, about `count` of them. */
export function linearTicks({ from, to }: Range, count: number): number[] {
  const extent = to - from
  if (!(extent > 0)) return [from]
  const rough = extent / Math.max(1, count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const lead = rough / power
  // The factor that is nearest by ratio.
  const step = power * (lead < Math.SQRT2 ? 1 : lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  // Multiplying keeps the error of one rounding; adding steps would pile it up.
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step)
}

/** Whole powers of ten within the domain, thinned to at most `count`; the domain is in powers itself. */
export function powerTicks({ from, to }: Range, count: number): number[] {
  const first = Math.ceil(from)
  const last = Math.floor(to)
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)))
  const ticks: number[] = []
  for (let power = first; power <= last; power += step) ticks.push(power)
  return ticks
}

/** log10 of a decimal count of any length, which a number could not hold. */
export function log10Of(count: string): number {
  const lead = count.slice(0, 15)
  return Math.log10(Number(lead)) + (count.length - lead.length)
}

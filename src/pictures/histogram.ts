/** Counts in bins of equal width, the first beginning at 0; the last holds all that lies beyond. */
export interface Histogram {
  readonly binWidth: number
  readonly counts: readonly number[]
}

export const totalOf = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0)

/**
 * The value below which a share of the counts lies, taken as evenly spread within its bin.
 * Absent where nothing is counted, or where the value lies in the open last bin.
 */
export function quantileOf(histogram: Histogram, share: number): number | undefined {
  const { binWidth, counts } = histogram
  const wanted = totalOf(histogram) * share
  if (wanted === 0) return undefined
  let below = 0
  for (const [bin, count] of counts.entries()) {
    if (below + count >= wanted && count > 0)
      return bin === counts.length - 1 ? undefined : (bin + (wanted - below) / count) * binWidth
    below += count
  }
  return undefined
}

/** Joins each `factor` bins into one, so that a column is as wide as a line is thick. The open last bin stays alone. */
export function coarser({ binWidth, counts }: Histogram, factor: number): Histogram {
  const closed = counts.slice(0, -1)
  const joined = Array.from({ length: Math.ceil(closed.length / factor) }, (_, at) =>
    closed.slice(at * factor, (at + 1) * factor).reduce((sum, count) => sum + count, 0),
  )
  return { binWidth: binWidth * factor, counts: [...joined, counts.at(-1) ?? 0] }
}

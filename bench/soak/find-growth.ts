import type { Sample } from './take-sample.ts'

type Watched = 'residentBytes' | 'liveBytes' | 'openChunks' | 'logRows' | 'waitingResults'

/**
 * How much more the last third of a soak may hold than the first, after the warm-up: a share, and an amount that no
 * machine's noise exceeds. A server that had to wait for its turn cuts more chunks ahead, and holds them until they are
 * used; resident memory is what an allocator keeps for later. What leaks for each result outgrows both within minutes.
 */
const allowed: Readonly<Record<Watched, { readonly share: number; readonly amount: number }>> = {
  residentBytes: { share: 0.3, amount: 192 << 20 },
  liveBytes: { share: 0.2, amount: 64 << 20 },
  openChunks: { share: 1, amount: 64 },
  logRows: { share: 1, amount: 20_000 },
  waitingResults: { share: 1, amount: 20_000 },
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** @param samples after the warm-up, in their order @returns a sentence for each thing that grew beyond its bound */
export function findGrowth(samples: readonly Sample[]): string[] {
  const third = Math.floor(samples.length / 3)
  if (third === 0) throw new RangeError(`Expected three samples at least, got ${samples.length}.`)
  return (Object.keys(allowed) as Watched[]).flatMap(watched => {
    const before = median(samples.slice(0, third).map(sample => sample[watched]))
    const after = median(samples.slice(-third).map(sample => sample[watched]))
    const bound = before + Math.max(before * allowed[watched].share, allowed[watched].amount)
    return after > bound ? [`${watched} grew from ${before} to ${after}; the bound is ${Math.round(bound)}.`] : []
  })
}

/** Numbers in [0, 1) that are the same in every run: mulberry32 (Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A whole number from 0 to `below - 1`. */
export const wholeBelow = (random: () => number, below: number): number => Math.floor(random() * below)

/** The same members in another order (Fisher and Yates). */
export function shuffled<T>(members: readonly T[], random: () => number): T[] {
  const all = [...members]
  for (let at = all.length - 1; at > 0; at--) {
    const other = wholeBelow(random, at + 1)
    const member = all[at] as T
    all[at] = all[other] as T
    all[other] = member
  }
  return all
}

/** A start and the highest number on its path. Decimal strings: they outgrow JSON's numbers. */
export interface PathRecord {
  readonly start: string
  readonly maximum: string
}

/**
 * Records of two sets of records together: each start whose maximum exceeds those of all smaller starts.
 *
 * It matters neither in which order sets are added nor how they were cut. The result stays small by itself: of n paths
 * about log n are records, so that even all starts below 2^60 have fewer than a hundred.
 */
export function addRecords(one: readonly PathRecord[], other: readonly PathRecord[]): readonly PathRecord[] {
  if (other.length === 0) return one
  const candidates = [...one, ...other]
    .map(record => ({ record, start: BigInt(record.start), maximum: BigInt(record.maximum) }))
    .sort((a, b) => compare(a.start, b.start) || compare(b.maximum, a.maximum))
  const kept: PathRecord[] = []
  let highest = 0n
  for (const { record, maximum } of candidates) {
    if (maximum <= highest) continue
    highest = maximum
    kept.push(record)
  }
  return kept
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

import type { Compare } from '../../protocol/jobs.ts'

export type Tolerance = Extract<Compare, { kind: 'tolerance' }>

/** Output bytes by their digest. */
export type Outputs = ReadonlyMap<string, Uint8Array>

const width = { float32: 4, float64: 8 }

/**
 * How far two outputs are apart, in bounds of the tolerance: at most 1 where they agree, 0 where they are equal.
 * Outputs of different length, or with different NaN or infinite elements, are infinitely far apart.
 */
export function outputDistance(a: Uint8Array, b: Uint8Array, tolerance: Tolerance): number {
  const { elementType, absolute, relative } = tolerance
  const step = width[elementType]
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  if (a.length % step !== 0) return a.every((byte, at) => byte === b[at]) ? 0 : Number.POSITIVE_INFINITY
  const left = new DataView(a.buffer, a.byteOffset, a.length)
  const right = new DataView(b.buffer, b.byteOffset, b.length)
  let furthest = 0
  for (let at = 0; at < a.length; at += step) {
    const x = step === 4 ? left.getFloat32(at, true) : left.getFloat64(at, true)
    const y = step === 4 ? right.getFloat32(at, true) : right.getFloat64(at, true)
    // Equal infinities, zeros of either sign, and NaN whatever its payload.
    if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue
    const bound = absolute + relative * Math.max(Math.abs(x), Math.abs(y))
    const distance = Math.abs(x - y) / bound
    // An element that is not finite, or a bound that overflowed, agrees with nothing but itself.
    if (!Number.isFinite(distance) || !Number.isFinite(bound)) return Number.POSITIVE_INFINITY
    furthest = Math.max(furthest, distance)
  }
  return furthest
}

/**
 * Groups digests whose outputs are the same answer within the tolerance. Each group has a medoid, the one of its
 * outputs that most of the votes are near to, and all its members are within the bound of the medoid. The largest group is taken
 * first, then the largest of the rest.
 *
 * The groups do not depend on the order of the digests: what is left open by votes is decided by distance, then by the
 * digest itself. A digest whose output is not known agrees only with itself.
 *
 * @param votes how many votes each digest has
 * @returns of each digest, the medoid of its group
 */
export function clusterOutputs(
  votes: ReadonlyMap<string, number>,
  outputs: Outputs,
  tolerance: Tolerance,
): Map<string, string> {
  const digests = [...votes.keys()].sort()
  const distances = digests.map(a => digests.map(b => distanceOf(a, b, outputs, tolerance)))
  const medoids = new Map<string, string>()
  let open = digests.map((_, at) => at)
  while (open.length > 0) {
    const candidates = open.map(center => {
      const near = open.filter(at => (distances[center]?.[at] as number) <= 1)
      const count = near.reduce((sum, at) => sum + (votes.get(digests[at] as string) as number), 0)
      const spread = near.reduce((sum, at) => sum + (distances[center]?.[at] as number), 0)
      return { center, near, count, spread }
    })
    const best = candidates.reduce((a, b) =>
      b.count > a.count || (b.count === a.count && b.spread < a.spread) ? b : a,
    )
    for (const at of best.near) medoids.set(digests[at] as string, digests[best.center] as string)
    open = open.filter(at => !best.near.includes(at))
  }
  return medoids
}

function distanceOf(a: string, b: string, outputs: Outputs, tolerance: Tolerance): number {
  if (a === b) return 0
  const left = outputs.get(a)
  const right = outputs.get(b)
  return left === undefined || right === undefined ? Number.POSITIVE_INFINITY : outputDistance(left, right, tolerance)
}

/** Histograms: `count` bins from 0 K on, and one more for all that lies beyond. */
export const sensitivityBins = { count: 200, perKelvin: 20 } as const
export const responseBins = { count: 200, perKelvin: 40 } as const

/** Years after a sudden quadrupling of CO2 whose warming is summed. */
export const reportedYears: readonly number[] = [1, 2, 5, 10, 20, 50, 100, 150]

export interface ClimateOutput {
  readonly sets: number
  /** Over all results of all sets, in order: 16 hexadecimal digits. */
  readonly checksum: string
  /** Sets per bin of equilibrium climate sensitivity, as {@link sensitivityBins} has them. */
  readonly sensitivity: readonly number[]
  /** Sets per bin of transient climate response, as {@link responseBins} has them. */
  readonly response: readonly number[]
  /** Warming summed over the sets, for each of {@link reportedYears}. */
  readonly warmingMicrokelvin: readonly string[]
}

const sumsAt = 16
const sensitivityAt = sumsAt + 8 * reportedYears.length
const responseAt = sensitivityAt + 4 * (sensitivityBins.count + 1)
const outputBytes = responseAt + 4 * (responseBins.count + 1)

/** @throws {RangeError} where the bytes are not the output of an ensemble */
export function decodeEnsemble(output: Uint8Array): ClimateOutput {
  if (output.length !== outputBytes) throw new RangeError(`Expected ${outputBytes} bytes, got ${output.length}.`)
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength)
  const sets = view.getUint32(0, true)
  const bins = view.getUint32(4, true)
  if (sets === 0 || bins !== sensitivityBins.count)
    throw new RangeError(`Expected sets in 200 bins, got ${sets} in ${bins}.`)
  const histogram = (from: number, count: number): number[] =>
    Array.from({ length: count + 1 }, (_, at) => view.getUint32(from + 4 * at, true))
  const sensitivity = histogram(sensitivityAt, sensitivityBins.count)
  const response = histogram(responseAt, responseBins.count)
  for (const counts of [sensitivity, response]) {
    const total = counts.reduce((a, b) => a + b, 0)
    if (total !== sets) throw new RangeError(`Expected a histogram of ${sets} sets, got ${total}.`)
  }
  return {
    sets,
    checksum: view.getBigUint64(8, true).toString(16).padStart(16, '0'),
    sensitivity,
    response,
    warmingMicrokelvin: reportedYears.map((_, at) => String(view.getBigInt64(sumsAt + 8 * at, true))),
  }
}

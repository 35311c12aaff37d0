import type { Cell, KernelDescriptor, Language } from '../../protocol/kernel.ts'
import { type ClimateOutput, decodeEnsemble, reportedYears, responseBins, sensitivityBins } from './output.ts'
import { ClimateParameters, climateQuantities, cmip5Climate } from './parameters.ts'
import { text } from './text.ts'

/** Parameter sets that the reference core runs in a second. Measured: 4,700 (Node 24.21, one core of a 2.8 GHz Xeon). */
const setsPerSecond = 4700

const inputBytes = 104

/** Sums over all accepted blocks. */
export interface ClimateSummary {
  readonly sets: number
  readonly sensitivity: readonly number[]
  readonly response: readonly number[]
  readonly warmingMicrokelvin: readonly string[]
}

function taskBlock({ sets, setsPerTask }: ClimateParameters, index: bigint): { first: bigint; count: number } {
  const first = index * BigInt(setsPerTask)
  const left = BigInt(sets) - first
  if (index < 0n || left < 1n) throw new RangeError(`Task ${index} is outside of the job.`)
  return { first, count: left < BigInt(setsPerTask) ? Number(left) : setsPerTask }
}

const sentences: Record<Language, (first: string, last: string) => string> = {
  en: (first, last) => `Runs the climates ${first} to ${last} through more CO₂ and counts how much they warm.`,
  zh: (first, last) => `让第 ${first} 到第 ${last} 个气候经历二氧化碳的增加，统计它们升温多少。`,
}

const sum = (one: readonly number[], other: readonly number[]): number[] =>
  one.map((value, at) => value + (other[at] ?? 0))

/** Two-layer energy-balance model: `wasm/climate-ebm/assembly/index.ts` states equations, scheme and draws. */
export const climateEbm: KernelDescriptor<ClimateParameters, ClimateOutput, ClimateSummary> = {
  id: 'climate-ebm',
  area: 'climate',
  text,
  parameters: ClimateParameters,
  seed: { seed: '2013', sets: '1000000000000', setsPerTask: 10_000, ...cmip5Climate },

  taskCount({ sets, setsPerTask }) {
    const size = BigInt(setsPerTask)
    return (BigInt(sets) + size - 1n) / size
  },

  taskCredit: ({ setsPerTask }) => setsPerTask / setsPerSecond,

  encodeInput(parameters, index) {
    const { first, count } = taskBlock(parameters, index)
    const input = new Uint8Array(inputBytes)
    const view = new DataView(input.buffer)
    view.setUint32(4, count, true)
    view.setBigUint64(8, BigInt(parameters.seed), true)
    view.setBigUint64(16, first, true)
    for (const [at, name] of climateQuantities.entries()) {
      view.setFloat64(24 + 16 * at, parameters[`${name}Mean`], true)
      view.setFloat64(32 + 16 * at, parameters[`${name}Spread`], true)
    }
    return input
  },

  describeTask(parameters, index, language) {
    const { first, count } = taskBlock(parameters, index)
    const format = new Intl.NumberFormat(language)
    return sentences[language](format.format(first + 1n), format.format(first + BigInt(count)))
  },

  decodeOutput: decodeEnsemble,

  columns: ['quantity', 'at', 'value'],
  rows(output) {
    const bins = (name: string, counts: readonly number[], perKelvin: number): Cell[][] =>
      counts.flatMap((count, at) => (count === 0 ? [] : [[name, at / perKelvin, count]]))
    return [
      ...bins('sensitivity', output.sensitivity, sensitivityBins.perKelvin),
      ...bins('response', output.response, responseBins.perKelvin),
      ...output.warmingMicrokelvin.map((total, at) => [
        'warming',
        reportedYears[at] ?? 0,
        Number(total) / output.sets / 1e6,
      ]),
    ]
  },

  emptySummary: {
    sets: 0,
    sensitivity: Array.from({ length: sensitivityBins.count + 1 }, () => 0),
    response: Array.from({ length: responseBins.count + 1 }, () => 0),
    warmingMicrokelvin: reportedYears.map(() => '0'),
  },
  addOutput: (summary, output) => ({
    sets: summary.sets + output.sets,
    sensitivity: sum(summary.sensitivity, output.sensitivity),
    response: sum(summary.response, output.response),
    warmingMicrokelvin: summary.warmingMicrokelvin.map((total, at) =>
      String(BigInt(total) + BigInt(output.warmingMicrokelvin[at] ?? 0)),
    ),
  }),
  mergeSummaries: (one, other) => ({
    sets: one.sets + other.sets,
    sensitivity: sum(one.sensitivity, other.sensitivity),
    response: sum(one.response, other.response),
    warmingMicrokelvin: one.warmingMicrokelvin.map((total, at) =>
      String(BigInt(total) + BigInt(other.warmingMicrokelvin[at] ?? 0)),
    ),
  }),
}

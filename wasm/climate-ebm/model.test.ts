import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadKernel } from '../testing.ts'
import { climateEbm } from './descriptor.ts'
import { reportedYears, responseBins, sensitivityBins } from './output.ts'
import { type ClimateQuantity, climateQuantities } from './parameters.ts'
import published from './published.json' with { type: 'json' }
import { decodeSingleRun, encodeSingleRun, type LayerWarming } from './single-run.ts'

type Climate = Record<ClimateQuantity, number>

const kernel = await loadKernel('climate-ebm')

/** The analytical solution of Geoffroy et al. 2013, part I: step forcing, and forcing that grows by `forcing` a year. */
function exactly(kind: 'step' | 'linear', climate: Climate, year: number): LayerWarming {
  const { feedback: lambda, surfaceHeat: c, deepHeat: c0, exchange: gamma, forcing } = climate
  const b = (lambda + gamma) / c + gamma / c0
  const bStar = (lambda + gamma) / c - gamma / c0
  const root = Math.sqrt(b * b - (4 * lambda * gamma) / (c * c0))
  const tau = [b - root, b + root].map(rate => ((c * c0) / (2 * lambda * gamma)) * rate) as [number, number]
  const phi = [bStar - root, bStar + root].map(rate => (c / (2 * gamma)) * rate) as [number, number]
  const share = lambda / (c * (phi[1] - phi[0]))
  const a: [number, number] = [phi[1] * tau[0] * share, -phi[0] * tau[1] * share]
  const fade = tau.map(time => Math.exp(-year / time)) as [number, number]
  const [fast, slow] =
    kind === 'step' ? [a[0] * fade[0], a[1] * fade[1]] : [a[0] * tau[0] * (1 - fade[0]), a[1] * tau[1] * (1 - fade[1])]
  const towards = kind === 'step' ? 1 : year
  return {
    surface: (forcing / lambda) * (towards - fast - slow),
    deep: (forcing / lambda) * (towards - phi[0] * fast - phi[1] * slow),
  }
}

const growth = (climate: Climate): Climate => ({ ...climate, forcing: climate.forcing * Math.log2(1.01) })

/** SplitMix64's number `at`, and the draws that the kernel makes of it. */
function uniform(seed: bigint, at: bigint): number {
  const wrap = (value: bigint) => BigInt.asUintN(64, value)
  let value = wrap(seed + (at + 1n) * 0x9e3779b97f4a7c15n)
  value = wrap((value ^ (value >> 30n)) * 0xbf58476d1ce4e5b9n)
  value = wrap((value ^ (value >> 27n)) * 0x94d049bb133111ebn)
  return Number((value ^ (value >> 31n)) >> 11n) / 2 ** 53
}

function draw(set: bigint): Climate {
  const { seed } = climateEbm
  const one = (name: ClimateQuantity, parameter: number): number => {
    const [mean, spread] = [seed[`${name}Mean`], seed[`${name}Spread`]]
    for (let attempt = 0n; attempt < 32n; attempt++) {
      const at = 2n * ((set * 5n + BigInt(parameter)) * 32n + attempt)
      const radius = Math.sqrt(-2 * Math.log(1 - uniform(BigInt(seed.seed), at)))
      const value = mean + spread * radius * Math.cos(2 * Math.PI * uniform(BigInt(seed.seed), at + 1n))
      if (value >= mean / 4 && value <= mean + 3 * spread) return value
    }
    return mean
  }
  return Object.fromEntries(climateQuantities.map((name, parameter) => [name, one(name, parameter)])) as Climate
}

describe('climate-ebm', () => {
  test('default: published.json holds the analytical solution', () => {
    for (const { kind, climate, years, surface, deep } of published.runs) {
      for (const [at, year] of years.entries()) {
        const exact = kind === 'step' ? exactly('step', climate, year) : exactly('linear', growth(climate), year)
        expect(exact.surface).toBeCloseTo(surface[at] ?? Number.NaN, 11)
        expect(exact.deep).toBeCloseTo(deep[at] ?? Number.NaN, 11)
      }
    }
  })

  test('behavior: any climate near the CMIP5 ones follows the analytical solution to 1e-9 K', () => {
    const climate = fc.record({
      feedback: fc.double({ min: 0.5, max: 2, noNaN: true }),
      surfaceHeat: fc.double({ min: 5, max: 12, noNaN: true }),
      deepHeat: fc.double({ min: 30, max: 400, noNaN: true }),
      exchange: fc.double({ min: 0.3, max: 1.4, noNaN: true }),
      forcing: fc.double({ min: 2, max: 9, noNaN: true }),
    })
    fc.assert(
      fc.property(
        climate,
        fc.constantFrom('step' as const, 'ramp' as const),
        fc.integer({ min: 1, max: 200 }),
        (drawn, kind, year) => {
          const years = [...new Set([0, Math.ceil(year / 2), year])]
          const found = decodeSingleRun(kernel.run(encodeSingleRun({ kind, climate: drawn, years })))
          for (const [at, then] of years.entries()) {
            const exact = kind === 'step' ? exactly('step', drawn, then) : exactly('linear', growth(drawn), then)
            expect(Math.abs((found[at]?.surface ?? Number.NaN) - exact.surface)).toBeLessThan(1e-9)
            expect(Math.abs((found[at]?.deep ?? Number.NaN) - exact.deep)).toBeLessThan(1e-9)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('behavior: an ensemble counts what the analytical solution says of the sets it draws', () => {
    const setsPerTask = 301
    const output = climateEbm.decodeOutput(kernel.run(climateEbm.encodeInput({ ...climateEbm.seed, setsPerTask }, 3n)))
    const sensitivity = Array.from({ length: sensitivityBins.count + 1 }, () => 0)
    const response = Array.from({ length: responseBins.count + 1 }, () => 0)
    const warming = reportedYears.map(() => 0)
    const count = (histogram: number[], position: number) => {
      const bin = Math.min(Math.floor(position), histogram.length - 1)
      histogram[bin] = (histogram[bin] ?? 0) + 1
    }
    for (let set = 0; set < setsPerTask; set++) {
      const climate = draw(BigInt(3 * setsPerTask + set))
      const doubling = { ...climate, forcing: climate.forcing / 2 }
      count(sensitivity, (doubling.forcing / climate.feedback) * sensitivityBins.perKelvin)
      let mean = 0
      for (let step = 0; step <= 20 * 64; step++) {
        const { surface } = exactly('linear', growth(doubling), 60 + step / 64)
        mean += (step === 0 || step === 20 * 64 ? surface / 2 : surface) / (20 * 64)
      }
      count(response, mean * responseBins.perKelvin)
      for (const [at, year] of reportedYears.entries())
        warming[at] = (warming[at] ?? 0) + Math.round(exactly('step', climate, year).surface * 1e6)
    }
    expect(output.sets).toBe(setsPerTask)
    expect(output.sensitivity).toEqual(sensitivity)
    expect(output.response).toEqual(response)
    // A microkelvin may round the other way, rarely.
    for (const [at, total] of warming.entries())
      expect(Math.abs(Number(output.warmingMicrokelvin[at]) - total)).toBeLessThan(5)
  })

  test('behavior: a set is the same in whichever task it falls', () => {
    const summarise = (setsPerTask: number) => {
      const parameters = { ...climateEbm.seed, sets: '12', setsPerTask }
      let summary = climateEbm.emptySummary
      for (let index = 0n; index < climateEbm.taskCount(parameters); index++)
        summary = climateEbm.addOutput(
          summary,
          climateEbm.decodeOutput(kernel.run(climateEbm.encodeInput(parameters, index))),
        )
      return summary
    }
    expect(summarise(12).sets).toBe(12)
    for (const setsPerTask of [1, 5, 7]) expect(summarise(setsPerTask)).toEqual(summarise(12))
  })

  test('error: parameters outside of the ranges are refused', () => {
    const { parameters, seed } = climateEbm
    for (const wrong of [
      { feedbackMean: 0 },
      { feedbackSpread: 2 },
      { deepHeatMean: Number.NaN },
      { forcingMean: 100 },
      { sets: '0' },
      { sets: '1e3' },
      { seed: '-1' },
      { seed: '18446744073709551616' },
      { setsPerTask: 0 },
      { setsPerTask: 1.5 },
    ])
      expect(parameters.safeParse({ ...seed, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
  })
})

import climate from './climate-ebm/published.json' with { type: 'json' }
import { decodeSingleRun, encodeSingleRun } from './climate-ebm/single-run.ts'
import { collatzRecords } from './collatz-records/descriptor.ts'
import collatz from './collatz-records/published.json' with { type: 'json' }

/** One published value and what a kernel made of it. */
export interface PublishedCheck {
  readonly kernelId: string
  readonly name: string
  readonly expected: string
  readonly found: string
  readonly agrees: boolean
}

/** Runs a built kernel on an input to its output, in whichever engine. */
export type RunKernel = (kernelId: string, input: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>

/** Has a kernel reproduce every value of `published.json`, in any engine that `run` reaches. */
export const publishedChecks: Readonly<Record<string, (run: RunKernel) => Promise<PublishedCheck[]>>> = {
  'collatz-records': checkCollatz,
  'climate-ebm': checkClimate,
}

async function checkCollatz(run: RunKernel): Promise<PublishedCheck[]> {
  const kernelId = collatzRecords.id
  const walk = async (from: string, size: string) => {
    const parameters = { from, to: String(BigInt(from) + BigInt(size) - 1n), startsPerTask: Number(size) }
    return collatzRecords.decodeOutput(await run(kernelId, collatzRecords.encodeInput(parameters, 0n)))
  }
  const compare = (name: string, expected: string, found: string): PublishedCheck => ({
    kernelId,
    name,
    expected,
    found,
    agrees: expected === found,
  })
  const checks: PublishedCheck[] = []
  for (const [start = '', maximum = ''] of collatz.records) {
    const { records } = await walk(start, '1')
    checks.push(compare(`maximum of ${start}`, maximum, records[0]?.maximum ?? 'none'))
  }
  for (const [start = '', glide = ''] of collatz.glides) {
    const { totalGlide } = await walk(start, '1')
    checks.push(compare(`glide of ${start}`, glide, totalGlide))
  }
  for (const { from, size, start } of collatz.lastRecords) {
    const { records } = await walk(from, size)
    checks.push(compare(`last record in ${size} starts from ${from}`, start, records.at(-1)?.start ?? 'none'))
  }
  const { from, size, records: expected } = collatz.allRecords
  const { records } = await walk(from, size)
  const found = records.map(({ start, maximum }) => [start, maximum])
  checks.push(compare(`all records in ${size} starts from ${from}`, JSON.stringify(expected), JSON.stringify(found)))
  return checks
}

async function checkClimate(run: RunKernel): Promise<PublishedCheck[]> {
  const kernelId = 'climate-ebm'
  const checks: PublishedCheck[] = []
  for (const { name, kind, climate: parameters, years, surface, deep } of climate.runs) {
    const input = encodeSingleRun({ kind: kind === 'step' ? 'step' : 'ramp', climate: parameters, years })
    const found = decodeSingleRun(await run(kernelId, input))
    for (const [at, year] of years.entries()) {
      const layers: [string, number | undefined, number | undefined][] = [
        ['surface', surface[at], found[at]?.surface],
        ['deep', deep[at], found[at]?.deep],
      ]
      for (const [layer, expected = Number.NaN, value = Number.NaN] of layers) {
        checks.push({
          kernelId,
          name: `${name}: ${layer}, year ${year}`,
          expected: `${expected} K`,
          found: `${value} K`,
          agrees: Math.abs(value - expected) <= climate.toleranceKelvin,
        })
      }
    }
  }
  return checks
}

import { type ClimateQuantity, climateQuantities } from './parameters.ts'

/** One climate under one forcing: what the tests compare with the exact solution. */
export interface SingleRun {
  /** `step`: `forcing` from the first moment on. `ramp`: 1 % more CO2 a year, `forcing` being that of a doubling. */
  readonly kind: 'step' | 'ramp'
  readonly climate: Readonly<Record<ClimateQuantity, number>>
  /** Years asked for, increasing. */
  readonly years: readonly number[]
}

/** Warming of both layers, in kelvin. */
export interface LayerWarming {
  readonly surface: number
  readonly deep: number
}

const headerBytes = 48

export function encodeSingleRun({ kind, climate, years }: SingleRun): Uint8Array<ArrayBuffer> {
  const input = new Uint8Array(headerBytes + 4 * years.length)
  const view = new DataView(input.buffer)
  view.setUint32(0, kind === 'step' ? 1 : 2, true)
  view.setUint32(4, years.length, true)
  for (const [at, name] of climateQuantities.entries()) view.setFloat64(8 + 8 * at, climate[name], true)
  for (const [at, year] of years.entries()) view.setUint32(headerBytes + 4 * at, year, true)
  return input
}

/** @throws {RangeError} where the bytes are not the output of a single run */
export function decodeSingleRun(output: Uint8Array): LayerWarming[] {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength)
  const years = output.length < 8 ? 0 : view.getUint32(4, true)
  if (years === 0 || output.length !== 8 + 16 * years)
    throw new RangeError(`Expected a single run, got ${output.length} bytes.`)
  return Array.from({ length: years }, (_, at) => ({
    surface: view.getFloat64(8 + 16 * at, true),
    deep: view.getFloat64(16 + 16 * at, true),
  }))
}

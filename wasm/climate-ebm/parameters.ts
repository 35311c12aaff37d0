import * as z from 'zod/mini'

/** The model's parameters, in the kernel's order: lambda, C, C0, gamma, F4x. Ranges as the kernel enforces them. */
const climateRanges = {
  feedback: [0.2, 5],
  surfaceHeat: [2, 50],
  deepHeat: [10, 2000],
  exchange: [0.1, 5],
  forcing: [0.5, 20],
} as const
export type ClimateQuantity = keyof typeof climateRanges
export const climateQuantities = Object.keys(climateRanges) as readonly ClimateQuantity[]

const setsLimit = 1n << 53n

/** A whole number from `lowest` to `highest`, as a decimal string. */
const whole = (lowest: bigint, highest: bigint) =>
  z
    .string()
    .check(
      z.refine(
        value => /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) >= lowest && BigInt(value) <= highest,
        `expected a whole number from ${lowest} to ${highest}, in decimal`,
      ),
    )

const mean = (quantity: ClimateQuantity) =>
  z.number().check(z.minimum(climateRanges[quantity][0]), z.maximum(climateRanges[quantity][1]))
const spread = z.number().check(z.minimum(0))

/** Each parameter of a set is normal with a mean and a spread; units are W, yr, m and K. */
export const ClimateParameters = z
  .object({
    seed: whole(0n, (1n << 64n) - 1n),
    sets: whole(1n, setsLimit),
    setsPerTask: z.int().check(z.minimum(1), z.maximum(2 ** 24)),
    feedbackMean: mean('feedback'),
    feedbackSpread: spread,
    surfaceHeatMean: mean('surfaceHeat'),
    surfaceHeatSpread: spread,
    deepHeatMean: mean('deepHeat'),
    deepHeatSpread: spread,
    exchangeMean: mean('exchange'),
    exchangeSpread: spread,
    forcingMean: mean('forcing'),
    forcingSpread: spread,
  })
  .check(
    z.refine(
      parameters => climateQuantities.every(name => parameters[`${name}Spread`] <= parameters[`${name}Mean`]),
      'expected no spread above its mean',
    ),
  )
export type ClimateParameters = z.infer<typeof ClimateParameters>

/**
 * Means over 16 CMIP5 models (Geoffroy et al. 2013, Journal of Climate 26, part I, tables 3 and 4). The spreads are this
 * job's own choice, close to those among the models.
 */
export const cmip5Climate = {
  feedbackMean: 1.13,
  feedbackSpread: 0.31,
  surfaceHeatMean: 7.3,
  surfaceHeatSpread: 1.1,
  deepHeatMean: 106,
  deepHeatSpread: 62,
  exchangeMean: 0.73,
  exchangeSpread: 0.18,
  forcingMean: 6.9,
  forcingSpread: 0.9,
} as const

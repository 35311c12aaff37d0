import * as z from 'zod/mini'

/** What makes two outputs the same answer. */
export const Compare = z.discriminatedUnion('kind', [
  /** The same bytes, by SHA-256. */
  z.object({ kind: z.literal('exact') }),
  /** Little-endian arrays whose elements differ by at most `absolute + relative * max(|a|, |b|)`. */
  z.object({
    kind: z.literal('tolerance'),
    elementType: z.enum(['float32', 'float64']),
    absolute: z.number().check(z.minimum(0)),
    relative: z.number().check(z.minimum(0), z.maximum(1)),
  }),
])
export type Compare = z.infer<typeof Compare>

/** What judging by credibility asks of a job. What is left out has the default. */
export const TrustPolicy = z.object({
  /** An answer is accepted when the probability that it is right reaches this. */
  confidence: z._default(z.number().check(z.minimum(0.5), z.maximum(0.999999)), 0.999),
  /** However credible they are, at least so many accounts must agree. */
  minReplicas: z._default(z.int().check(z.minimum(1), z.maximum(8)), 2),
  /** Without an accepted answer by then, the task is disputed. */
  maxReplicas: z._default(z.int().check(z.minimum(1), z.maximum(16)), 8),
  compare: z._default(Compare, { kind: 'exact' }),
})
export type TrustPolicy = z.infer<typeof TrustPolicy>

export const defaultTrustPolicy: TrustPolicy = TrustPolicy.parse({})

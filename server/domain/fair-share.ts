/** How much work of a job has been handed out, in seconds of the reference core. */
export interface Share {
  readonly jobId: bigint
  readonly served: number
}

/**
 * Orders jobs so that the one that had least comes first (stride scheduling with equal tickets).
 * Source: Waldspurger and Weihl, Stride Scheduling, 1995.
 */
export const leastServedFirst = <T extends Share>(jobs: readonly T[]): readonly T[] =>
  jobs.toSorted((a, b) => a.served - b.served || Number(a.jobId - b.jobId))

/** Where a job that joins begins: with the least of the others, so that it neither starves them nor waits for them. */
export const startingShare = (jobs: readonly Share[]): number =>
  jobs.length === 0 ? 0 : Math.min(...jobs.map(({ served }) => served))

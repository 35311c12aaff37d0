/** How much work of a job has been handed out, in seconds of the reference core for each unit of its weight. */
export interface Share {
  readonly jobId: bigint
  readonly served: number
}

/** A job may be so far ahead of the least served one and still be given to a device that holds its kernel already. */
const localitySlack = 60

/**
 * The job that had least for its weight (stride scheduling), or the one that the device already has the kernel of, where
 * that one is hardly ahead.
 * Source: Waldspurger and Weihl, Stride Scheduling, 1995.
 */
export function leastServed<T extends { readonly job: Share }>(
  places: Iterable<T>,
  latestJob: bigint | undefined,
): T | undefined {
  let least: T | undefined
  let latest: T | undefined
  for (const place of places) {
    const { job } = place
    if (job.jobId === latestJob) latest = place
    const isLess = least === undefined || job.served < least.job.served
    if (isLess || (job.served === least?.job.served && job.jobId < least.job.jobId)) least = place
  }
  if (least === undefined || latest === undefined) return least
  return latest.job.served <= least.job.served + localitySlack ? latest : least
}

/** Where a job that joins begins: with the least of the others, so that it neither starves them nor waits for them. */
export const startingShare = (jobs: readonly Share[]): number =>
  jobs.length === 0 ? 0 : Math.min(...jobs.map(({ served }) => served))

import type { Policy } from '../../protocol/jobs.ts'

/** The least that a job can cost, in millionths of a credit: nobody is ever wrong, slow or away. */
export const leastCost = (tasks: bigint, microCredits: bigint, { minReplicas }: Pick<Policy, 'minReplicas'>): bigint =>
  tasks * microCredits * BigInt(minReplicas)

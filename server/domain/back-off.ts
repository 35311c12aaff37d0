import { type CheckRecord, isOnProbation } from './credibility.ts'

const firstWaitMs = 15 * 60_000
const longestWaitMs = 24 * 3_600_000
/** Leases in one request: a newcomer's rubbish is found before much of it has been handed out. */
const leasesOnProbation = 8

/** From when on an account is given work again: a quarter of an hour after its first wrong result, four times as long after each further one. */
export function mayLeaseFrom({ strikes, failedAt }: CheckRecord): number {
  if (failedAt === undefined || strikes === 0) return Number.NEGATIVE_INFINITY
  return failedAt + Math.min(firstWaitMs * 4 ** (strikes - 1), longestWaitMs)
}

/** How many leases one request may be given. @param most what the protocol allows anybody */
export const mostLeases = (record: CheckRecord, most: number): number =>
  isOnProbation(record) ? Math.min(leasesOnProbation, most) : most

import { type FinishedLease, workLimits } from '../protocol/work.ts'

/** Room for the fields around the results. */
const envelopeBytes = 1024

/** An upper bound of one result's size in JSON, all of which is ASCII but a reason. */
const sizeOf = ({ lease, outcome }: FinishedLease): number =>
  lease.length + (outcome.kind === 'output' ? outcome.output.length : outcome.reason.length * 6) + 128

/** The oldest results that fit one request together; at least one, where there is one. */
export function packReport(finished: readonly FinishedLease[], atMost: number): readonly FinishedLease[] {
  let bytes = envelopeBytes
  let count = 0
  for (const one of finished) {
    bytes += sizeOf(one)
    const isFull = count >= atMost || count >= workLimits.resultsPerRequest || bytes > workLimits.bodyBytes
    if (count > 0 && isFull) break
    count++
  }
  return finished.slice(0, count)
}

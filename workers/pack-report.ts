import { base64UrlLength } from '../protocol/bytes.ts'
import { splitLeaseToken } from '../protocol/lease-token.ts'
import { type FinishedLease, workLimits } from '../protocol/work.ts'

/** An upper bound of the request's fields around the results, and of the fields around one result and one grant. */
const fieldBytes = { request: 64, result: 16, grant: 8 }

const outcomeBytes = ({ outcome }: FinishedLease): number =>
  // Of a character UTF-8 makes three bytes at most.
  outcome.kind === 'output' ? base64UrlLength(outcome.output) : outcome.reason.length * 3

/** The oldest results that fit one request together; at least one, where there is one. */
export function packReport(finished: readonly FinishedLease[], atMost: number): readonly FinishedLease[] {
  const grants = new Set<string>()
  let bytes = fieldBytes.request
  let count = 0
  for (const one of finished) {
    const { grant } = splitLeaseToken(one.lease)
    if (!grants.has(grant)) bytes += fieldBytes.grant + base64UrlLength(grant)
    grants.add(grant)
    bytes += fieldBytes.result + outcomeBytes(one)
    const isFull = count >= atMost || count >= workLimits.resultsPerRequest || bytes > workLimits.bodyBytes
    if (count > 0 && isFull) break
    count++
  }
  return finished.slice(0, count)
}

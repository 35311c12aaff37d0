import type { Digest } from '../../protocol/digest.ts'
import type { JobId, LeaseToken, TaskId } from '../../protocol/ids.ts'
import type { FinishedLease, Lease } from '../../protocol/work.ts'

/** Each in a grant of its own. */
export const tokenOf = (index: number) => `grant-of-a-test-${`${index}`.padStart(12, '0')}.0` as LeaseToken

export const leaseOf = (index: number, changes: Partial<Lease> = {}): Lease => ({
  lease: tokenOf(index),
  taskId: `1-${index}` as TaskId,
  jobId: '1' as JobId,
  kernelId: 'collatz-records',
  kernelDigest: 'a'.repeat(64) as Digest,
  input: 'AAAA',
  expiresAt: '2100-01-01T00:00:00.000Z',
  credit: 2,
  memoryCapBytes: 1 << 20,
  outputCapBytes: 1024,
  ...changes,
})

export const finishedOf = (index: number, output = 'AAAA'): FinishedLease => ({
  lease: tokenOf(index),
  elapsedMs: 1000,
  outcome: { kind: 'output', output },
})

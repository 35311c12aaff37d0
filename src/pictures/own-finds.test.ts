import { describe, expect, test } from 'vitest'
import type { OwnResult } from '../../protocol/account.ts'
import type { Digest } from '../../protocol/digest.ts'
import type { JobId, TaskId } from '../../protocol/ids.ts'
import { defaultPolicy, type Job } from '../../protocol/jobs.ts'
import { ownFinds } from './own-finds.ts'

const job: Job = {
  id: '7' as JobId,
  state: 'active',
  kernelId: 'collatz-records',
  kernelDigest: '0'.repeat(64) as Digest,
  kernelBytes: 1,
  parameters: { from: '1', to: '1000', startsPerTask: 100 },
  policy: defaultPolicy,
  creditPerTask: 1,
  tasks: '10',
  accepted: '1',
  disputed: '0',
  failed: '0',
  createdAt: '2026-11-22T13:00:00Z',
}
const result = (taskId: string, state: OwnResult['state']): OwnResult => ({
  taskId: taskId as TaskId,
  jobId: taskId.split('-')[0] as JobId,
  kernelId: 'collatz-records',
  returnedAt: '2026-11-22T13:00:00Z',
  elapsedMs: 1,
  state,
  credit: 0,
})

describe('ownFinds', () => {
  test('default', () => {
    const results = [result('7-0', 'accepted'), result('7-7', 'accepted')]
    expect(ownFinds(job, results, ['27', '100', '101', '703'])).toEqual(['27', '100', '703'])
  })
  test('behavior: only what was accepted, and only of this job', () => {
    expect(ownFinds(job, [result('7-0', 'returned'), result('8-0', 'accepted')], ['27'])).toEqual([])
  })
  test('behavior: parameters of an unknown shape mark nothing', () => {
    expect(ownFinds({ ...job, parameters: {} }, [result('7-0', 'accepted')], ['27'])).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { JobId } from '../../protocol/ids.ts'
import { defaultPolicy, type JobDetail } from '../../protocol/jobs.ts'
import { endOf, hasCome, jobLine } from './watch-job.ts'

const job: JobDetail = {
  id: '7' as JobId,
  state: 'active',
  kernelId: 'program',
  kernelDigest: '0'.repeat(64) as JobDetail['kernelDigest'],
  kernelBytes: 100,
  parameters: {},
  policy: defaultPolicy,
  creditPerTask: 0.5,
  tasks: '64',
  accepted: '15',
  disputed: '0',
  failed: '1',
  createdAt: '2026-11-01T00:00:00.000Z',
  summary: undefined,
  spentCredits: 15.25,
  merge: { kind: 'sum' },
  reruns: [],
}

describe('jobLine', () => {
  test('default', () => {
    expect(jobLine(job)).toBe('[######------------------] 25 % 15 of 64 tasks accepted, 1 failed, 15.25 credits')
  })

  test('behavior: says that the outputs are being merged, and that all is done', () => {
    const finished = { ...job, state: 'finished', accepted: '63' } as const
    expect(jobLine({ ...finished, merged: { state: 'waiting' } })).toContain('100 %')
    expect(jobLine({ ...finished, merged: { state: 'waiting' } })).toContain(', the outputs are being merged')
    expect(jobLine({ ...finished, merged: { state: 'failed', reason: 'x' } })).toMatch(/, finished$/)
  })
})

describe('hasCome', () => {
  test.each([
    ['active', undefined, false],
    ['paused', undefined, false],
    ['outOfBudget', { state: 'waiting' }, true],
    ['canceled', { state: 'waiting' }, true],
    ['overdue', undefined, true],
    ['finished', undefined, true],
    ['finished', { state: 'waiting' }, false],
    ['finished', { state: 'running', jobId: '8' as JobId }, false],
    ['finished', { state: 'failed', reason: 'x' }, true],
  ] as const)('behavior: %s, merged %j: %s', (state, merged, isOver) => {
    expect(hasCome({ ...job, state, ...(merged && { merged }) })).toBe(isOver)
  })
})

describe('endOf', () => {
  test('default: whole where all tasks are accepted', () => {
    expect(endOf({ ...job, state: 'finished', failed: '0' })).toEqual({ kind: 'whole' })
  })

  test.each([
    ['outOfBudget', 'budget'],
    ['overdue', 'deadline'],
    ['canceled', 'canceled'],
    ['finished', '1 failed and 0 are disputed'],
  ] as const)('behavior: %s is partial, and says why', (state, word) => {
    const end = endOf({ ...job, state })
    expect(end.kind === 'partial' && end.sentence).toContain(word)
  })

  test('behavior: a merge that failed is named before failed tasks', () => {
    const end = endOf({ ...job, state: 'finished', merged: { state: 'failed', reason: 'Task 3 has no number.' } })
    expect(end.kind === 'partial' && end.sentence).toContain('Task 3 has no number.')
  })
})

import { describe, expect, test } from 'vitest'
import { Account } from '../protocol/account.ts'
import { defaultPolicy, Segment } from '../protocol/jobs.ts'
import { Receipt, SealedTask } from '../protocol/tasks.ts'
import { operatorsJob } from './catalogue.ts'
import type { JobRow } from './db/jobs.ts'
import type { OwnResultRow, RecordRow } from './db/read-account.ts'
import { foldTask } from './domain/fold-log.ts'
import { freshTask, type TaskState } from './domain/task.ts'
import { createSecrecy } from './secrecy.ts'
import { agreed, digestOf, returnedAt, type Said, voteOf } from './testing/votes.ts'
import { toAccount, toReceipt, toSealedTask, toSegment } from './views.ts'

const job: JobRow = {
  id: 3n,
  kernelId: 'collatz-records',
  kernelDigest: Buffer.alloc(32, 1),
  kernelBytes: 1000,
  parameters: {},
  policy: defaultPolicy,
  microCredits: 2_000_000n,
  taskCount: 10n,
  chunkSize: 4,
  weight: 1,
  createdAt: new Date(returnedAt),
  ...operatorsJob,
  state: 'active',
}
const pseudonym = (taskId: string, accountId: bigint) => `${accountId} on ${taskId}`
const folded = (...said: Said[]) => foldTask(said.map(voteOf), defaultPolicy)
const accepted = folded(
  { offset: 0, account: 3, replica: 0, output: 'wrong', credibility: 0.8 },
  ...agreed(0, 'right').map(({ replica, same, ...said }) => ({ ...said, output: 'right', replica: replica + 1 })),
)

describe('toReceipt', () => {
  const receipt = (task: TaskState) =>
    Receipt.parse(toReceipt({ job, index: 5n, taskInput: new Uint8Array(8), task, pseudonym }))

  test('default: how sure the verdict is, and what each replica was worth', () => {
    const { verdict, judgedAt, output, replicas } = receipt(accepted)
    if (verdict.state !== 'accepted') throw new Error(`It is ${verdict.state}.`)
    expect(verdict.digest).toBe(digestOf('right'))
    expect(verdict.certainty).toBeGreaterThan(defaultPolicy.confidence)
    expect(verdict.certainty).toBeLessThan(1)
    expect(judgedAt).toBe(new Date(returnedAt + 2000).toISOString())
    expect(output && atob(output)).toBe('right')
    expect(replicas).toMatchObject([
      { pseudonym: '3 on 3-5', standing: 'rejected', credibility: 0.8, result: { agrees: false } },
      { pseudonym: '1 on 3-5', standing: 'accepted', credibility: 0.999, result: { agrees: true } },
      { pseudonym: '2 on 3-5', standing: 'accepted', credibility: 0.999, result: { agrees: true } },
    ])
  })

  test('behavior: a task that waits tells no more than one that nobody has returned', () => {
    const waiting = folded({ offset: 1, account: 1, replica: 0, output: 'alone' })
    expect(receipt(waiting)).toEqual(receipt(freshTask))
    expect(receipt(freshTask)).toMatchObject({ verdict: { state: 'pending' }, replicas: [] })
  })

  test('behavior: a failed task blames nobody', () => {
    const failed = [1, 2].map(account => ({ offset: 1, account, replica: account, failed: 'trap' }))
    expect(receipt(folded(...failed))).toMatchObject({
      verdict: { state: 'failed', reason: 'trap' },
      replicas: [1, 2].map(() => ({ standing: 'unpaid', result: { kind: 'failed', reason: 'trap', agrees: true } })),
    })
  })
})

describe('toSealedTask', () => {
  test('default: an accepted task with all that its verdict was made from', () => {
    const sealed = SealedTask.parse(toSealedTask(job, 5n, accepted, pseudonym))
    expect(sealed).toMatchObject({ taskId: '3-5', digest: digestOf('right') })
    expect(sealed.replicas).toHaveLength(3)
  })

  test('behavior: nothing of others', () => {
    expect(toSealedTask(job, 5n, freshTask, pseudonym)).toBeUndefined()
  })
})

describe('toSegment', () => {
  test('default: the last chunk ends with the job', () => {
    const of = (lo: bigint) => Segment.parse(toSegment({ lo, digest: Buffer.alloc(32), bytes: 9 }, job))
    expect([of(4n), of(8n)]).toMatchObject([
      { lo: '4', hi: '8' },
      { lo: '8', hi: '10' },
    ])
  })
})

describe('toAccount', () => {
  const now = returnedAt + 60_000
  const hidden = createSecrecy({ secret: Buffer.alloc(32), isLocal: false })
  const local = createSecrecy({ secret: Buffer.alloc(32), isLocal: true })
  const totals = {
    createdAt: new Date(returnedAt),
    devices: 1,
    microCredits: 3_000_000n,
    unvestedMicroCredits: 1_000_000n,
    forfeitedMicroCredits: 500_000n,
    returned: 4n,
    accepted: 2n,
    rejected: 1n,
    waiting: 1n,
  }
  const account = (
    results: readonly OwnResultRow[],
    { records = [] as readonly RecordRow[], secrecy = local, at = now } = {},
  ) => Account.parse(toAccount({ accountId: 1n, totals, results, history: [], records, secrecy, now: at }))
  const result = (index: bigint, changes: Partial<OwnResultRow>): OwnResultRow => ({
    jobId: '3',
    kernelId: 'collatz-records',
    index: `${index}`,
    returnedAt,
    elapsedMs: 7,
    state: 'returned',
    microCredits: 0,
    ...changes,
  })
  const judged = { judgedAt: returnedAt + 1000, others: 1 }

  test('default', () => {
    expect(account([result(1n, { state: 'accepted', microCredits: 2_000_000, ...judged })])).toMatchObject({
      credit: 3,
      unvested: 1,
      forfeited: 0.5,
      standing: [],
      results: [
        {
          taskId: '3-1',
          state: 'accepted',
          credit: 2,
          others: 1,
          returnedAt: new Date(returnedAt).toISOString(),
          judgedAt: new Date(returnedAt + 1000).toISOString(),
        },
      ],
    })
  })

  test('behavior: a result of a task that is kept secret seems to wait', () => {
    let probe = 0n
    while (!hidden.isProbeTask(3n, probe)) probe++
    const states = (at: number) =>
      account(
        (['accepted', 'rejected', 'disputed'] as const).map(state =>
          result(probe, { state, microCredits: 2_000_000, ...judged }),
        ),
        { secrecy: hidden, at },
      ).results
    expect(states(now).map(({ state }) => state)).toEqual(['returned', 'returned', 'disputed'])
    expect(states(now)[0]).toEqual(account([result(probe, {})]).results[0])
    expect(states(now + 86_400_000).map(({ state }) => state)).toEqual(['accepted', 'rejected', 'disputed'])
  })

  test('behavior: a probe under review seems to wait as well', () => {
    expect(account([result(1n, judged)]).results).toEqual(account([result(1n, {})]).results)
  })

  test('behavior: how far it is believed on each kernel, and until when it is given no work', () => {
    const record = (passed: number, strikes = 0, failedAt?: number): RecordRow => ({
      kernelId: 'collatz-records',
      kernelDigest: Buffer.alloc(32, 1),
      passed,
      strikes,
      failedAt,
    })
    const records = [
      record(9),
      record(10),
      record(51),
      record(0, 1, returnedAt),
      record(30, 1, returnedAt - 86_400_000),
    ]
    expect(account([], { records }).standing.map(({ level, pausedUntil }) => [level, pausedUntil])).toEqual([
      ['probation', undefined],
      ['known', undefined],
      ['established', undefined],
      ['probation', new Date(returnedAt + 15 * 60_000).toISOString()],
      ['known', undefined],
    ])
  })
})

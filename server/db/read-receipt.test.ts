import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../protocol/jobs.ts'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { agreed, digestOf, returnedAt } from '../testing/votes.ts'
import { readReceipt } from './read-receipt.ts'

const job = { id: 1n, chunkSize: 4, policy: defaultPolicy }

describe('readReceipt', () => {
  test.each(['open', 'sealed'])('default: an accepted task of an %s chunk', async state => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 4n }, [...agreed(1, 'mine'), ...agreed(2, 'of another task')])
    if (state === 'sealed') await sealChunk(database, { jobId: 1n, lo: 4n })
    const task = await readReceipt(database, job, 5n)
    expect(task.judgement).toEqual({ state: 'accepted', digest: digestOf('mine') })
    expect(task.judgedAt).toBe(returnedAt + 2000)
    expect(task.standings).toEqual(['accepted', 'accepted'])
    expect(task.votes.map(({ report, output }) => [report.accountId, Buffer.from(output ?? []).toString()])).toEqual([
      [1n, 'mine'],
      [2n, 'mine'],
    ])
  })

  test('behavior: a task that waits, one that nobody returned, and one whose chunk is not cut', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 0n }, [{ offset: 0, account: 1, replica: 0, output: 'alone' }])
    for (const [index, votes] of [
      [0n, 1],
      [1n, 0],
      [9n, 0],
    ] as const) {
      const task = await readReceipt(database, job, index)
      expect(task).toMatchObject({ judgement: { state: 'pending' }, judgedAt: undefined })
      expect(task.votes).toHaveLength(votes)
    }
  })

  test('behavior: a task whose code fails', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 0n }, [
      { offset: 3, account: 1, replica: 0, failed: 'unreachable' },
      { offset: 3, account: 2, replica: 1, failed: 'unreachable' },
    ])
    const task = await readReceipt(database, job, 3n)
    expect(task.judgement).toEqual({ state: 'failed', reason: 'unreachable' })
    expect(task.standings).toEqual(['unpaid', 'unpaid'])
  })
})

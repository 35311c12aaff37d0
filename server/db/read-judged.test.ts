import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../protocol/jobs.ts'
import { freshTask } from '../domain/task.ts'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { agreed, digestOf, returnedAt, type Said } from '../testing/votes.ts'
import type { Database } from './database.ts'
import { type JudgedTask, readJudged, showAll } from './read-judged.ts'

/** Task 0 is accepted, task 1 failed, task 2 disputed. */
const verdicts: readonly Said[] = [
  ...agreed(0, 'zero'),
  { offset: 1, account: 1, replica: 0, failed: 'trap' },
  { offset: 1, account: 2, replica: 1, failed: 'trap' },
  ...Array.from({ length: 8 }, (_, place) => ({
    offset: 2,
    account: place + 1,
    replica: place,
    output: `opinion ${place}`,
    credibility: 0.8,
  })),
]

const job = { id: 1n, chunkSize: 4, policy: defaultPolicy }

async function read(database: Database, concealOf = showAll) {
  const rows: [bigint, string, string][] = []
  for await (const { index, digest, output } of readJudged(database, job, concealOf, { state: 'accepted' }))
    rows.push([index, digest, Buffer.from(output).toString()])
  return rows
}

describe('readJudged', () => {
  test('default: outputs of sealed and open chunks, in the order of their tasks', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {}, {})
    await insertChunk(database, { jobId: 1n, lo: 4n }, [...agreed(2, 'six'), ...agreed(0, 'four')])
    await insertChunk(database, { jobId: 1n, lo: 0n }, agreed(3, 'three'))
    await sealChunk(database, { jobId: 1n, lo: 0n })
    await insertChunk(database, { jobId: 2n, lo: 0n }, agreed(0, 'other job'))
    expect(await read(database)).toEqual([
      [3n, digestOf('three'), 'three'],
      [4n, digestOf('four'), 'four'],
      [6n, digestOf('six'), 'six'],
    ])
  })

  test('behavior: what is not accepted is left out', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 0n }, [
      { offset: 0, account: 1, replica: 0, output: 'alone' },
      { offset: 1, account: 1, replica: 0, failed: 'trap' },
      { offset: 1, account: 2, replica: 1, failed: 'trap' },
      { offset: 2, account: 1, replica: 0, output: 'one' },
      { offset: 2, account: 2, replica: 1, output: 'other' },
      ...agreed(3, 'accepted'),
    ])
    expect(await read(database)).toEqual([[3n, digestOf('accepted'), 'accepted']])
  })

  test('behavior: what is concealed is left out', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 0n }, [...agreed(0, 'zero'), ...agreed(1, 'one')])
    await insertChunk(database, { jobId: 1n, lo: 4n }, [...agreed(0, 'four'), ...agreed(1, 'five')])
    const rows = await read(database, lo => folded => (lo === 4n && folded.offset === 1 ? freshTask : folded.task))
    expect(rows.map(([, , output]) => output)).toEqual(['zero', 'one', 'four'])
  })

  test('behavior: more chunks than one page of them', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, { taskCount: 1000n })
    for (let lo = 0n; lo < 404n; lo += 4n)
      await insertChunk(database, { jobId: 1n, lo }, lo < 400n ? [] : agreed(0, 'last'))
    expect(await read(database)).toEqual([[400n, digestOf('last'), 'last']])
  })

  test('behavior: every verdict, with what is known of it', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertChunk(database, { jobId: 1n, lo: 0n }, verdicts)
    const judged: JudgedTask[] = []
    for await (const task of readJudged(database, job, showAll)) judged.push(task)
    expect(judged).toMatchObject([
      { index: 0n, state: 'accepted', digest: digestOf('zero') },
      { index: 1n, state: 'failed', reason: 'trap' },
      { index: 2n, state: 'disputed' },
    ])
    for (const task of judged) {
      expect(task.judgedAt).toBeGreaterThan(returnedAt)
      if (task.state !== 'disputed') expect(task.certainty).toBeGreaterThan(0.999)
    }
  })

  test('behavior: those behind an index, with one verdict, from the chunks that have any', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    for (const lo of [0n, 4n, 8n]) await insertChunk(database, { jobId: 1n, lo }, verdicts, { failed: 1, disputed: 1 })
    // Whoever reads this chunk fails.
    await database.query('update log set entries = $1 where lo = 0', [Buffer.alloc(7)])
    await database.query('update chunks set failed = 0 where lo = 0')
    const indexes = async (options: object) => {
      const found: bigint[] = []
      for await (const { index } of readJudged(database, job, showAll, options)) found.push(index)
      return found
    }
    expect(await indexes({ state: 'failed' })).toEqual([5n, 9n])
    expect(await indexes({ state: 'failed', after: 5n })).toEqual([9n])
    expect(await indexes({ state: 'accepted', after: 3n })).toEqual([4n, 8n])
    expect(await indexes({ state: 'disputed', after: 9n })).toEqual([10n])
    expect(await indexes({ after: 10n })).toEqual([])
  })
})

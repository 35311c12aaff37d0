import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../protocol/jobs.ts'
import type { FoldedTask } from '../domain/fold-log.ts'
import { freshTask, type TaskState } from '../domain/task.ts'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { agreed, digestOf } from '../testing/votes.ts'
import type { Database } from './database.ts'
import { readAccepted } from './read-accepted.ts'

const showAll = ({ task }: FoldedTask): TaskState => task

async function read(database: Database, concealOf: (lo: bigint) => typeof showAll = () => showAll) {
  const rows: [bigint, string, string][] = []
  for await (const { index, digest, output } of readAccepted(database, { id: 1n, policy: defaultPolicy }, concealOf))
    rows.push([index, digest, Buffer.from(output).toString()])
  return rows
}

describe('readAccepted', () => {
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
})

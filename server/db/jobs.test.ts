import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../protocol/jobs.ts'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { findJob, findJobProgress, listJobProgress, listJobs, listTaskCounts, readSummary } from './jobs.ts'

const concat = (one: unknown, other: unknown) => [...(one as unknown[]), ...(other as unknown[])].sort()

describe('listJobs', () => {
  test('default', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, { weight: 2.5 }, { policy: { ...defaultPolicy, confidence: 0.99 } })
    const jobs = await listJobs(database)
    expect(jobs.map(({ id, weight, policy }) => ({ id, weight, confidence: policy.confidence }))).toEqual([
      { id: 1n, weight: 2.5, confidence: 0.999 },
      { id: 2n, weight: 1, confidence: 0.99 },
    ])
  })

  test('behavior: what a stored policy does not say has the default', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await database.query(`update jobs set policy = '{"minReplicas": 3, "maxReplicas": 9}'`)
    expect((await listJobs(database))[0]?.policy).toEqual({ ...defaultPolicy, minReplicas: 3, maxReplicas: 9 })
  })

  test('behavior: of many that people posted, the latest; of long parameters and selections, nothing', async () => {
    const { database } = await createTestDatabase()
    const parameters = { values: Array.from({ length: 5000 }, (_, at) => `${at * at}`) }
    await insertJobs(database, {}, { parameters, selection: [1n] })
    await database.query(`insert into accounts (created_at) values (now())`)
    await database.query(
      `insert into jobs (kernel_id, kernel_digest, kernel_bytes, parameters, policy, micro_credits, task_count, chunk_size,
         created_at, account_id, state)
       select 'program', '', 0, '{}', '{}', 1, 1, 1, now(), 1, case when n <= 1000 then 'active' else 'finished' end
       from generate_series(1, 2000) n`,
    )
    const jobs = await listJobs(database)
    const ids = jobs.map(({ id }) => Number(id))
    const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
    expect(ids).toEqual([1, 2, ...numbers(803, 1002), ...numbers(1903, 2002)])
    expect(jobs[1]).toMatchObject({ parameters: {}, selection: undefined })
    expect(await findJob(database, 2n)).toMatchObject({ parameters, selection: [1n] })
    expect((await listTaskCounts(database)).map(({ id }) => Number(id))).toEqual(ids)
  })

  test('behavior: only an empty database is seeded', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {})
    await insertJobs(database, {}, {})
    expect(await listJobs(database)).toHaveLength(1)
  })
})

describe('listJobProgress', () => {
  test('default: what is in the progress of sealed chunks and in the open ones', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, {}, {})
    await database.query('update job_progress set accepted = 4, disputed = 1, failed = 2 where job_id = 1')
    await insertChunk(database, { jobId: 1n, lo: 0n }, [], { accepted: 4 })
    await sealChunk(database, { jobId: 1n, lo: 0n })
    await insertChunk(database, { jobId: 1n, lo: 4n }, [], { accepted: 3 })
    await insertChunk(database, { jobId: 1n, lo: 8n }, [], { accepted: 1 })
    expect(await listJobProgress(database)).toEqual([
      { id: 1n, accepted: 8n, disputed: 1n, failed: 2n },
      { id: 2n, accepted: 0n, disputed: 0n, failed: 0n },
    ])
    expect(await findJobProgress(database, 1n)).toEqual({ id: 1n, accepted: 8n, disputed: 1n, failed: 2n })
    expect(await findJobProgress(database, 3n)).toBeUndefined()
  })
})

describe('readSummary', () => {
  test('default: merges the summaries of open chunks into that of the sealed ones', async () => {
    const { database } = await createTestDatabase()
    await insertJobs(database, { emptySummary: ['sealed'] }, { emptySummary: ['other job'] })
    await insertChunk(database, { jobId: 1n, lo: 0n }, [], { summary: ['is in the sealed one'] })
    await sealChunk(database, { jobId: 1n, lo: 0n })
    await insertChunk(database, { jobId: 1n, lo: 4n }, [], { summary: ['first'] })
    await insertChunk(database, { jobId: 1n, lo: 8n }, [], { summary: ['second'] })
    expect(await readSummary(database, 1n, concat)).toEqual(['first', 'sealed', 'second'])
    expect(await readSummary(database, 2n, concat)).toEqual(['other job'])
  })
})

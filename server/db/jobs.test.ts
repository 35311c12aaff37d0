import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../protocol/jobs.ts'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { listJobProgress, listJobs, readSummary } from './jobs.ts'

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

import { describe, expect, test } from 'vitest'
import { insertChunk, insertJobs, sealChunk } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { agreed } from '../testing/votes.ts'
import { listSegments, readSegment } from './segments.ts'

async function threeChunks() {
  const { database } = await createTestDatabase()
  await insertJobs(database, {})
  for (const lo of [0n, 4n, 8n]) await insertChunk(database, { jobId: 1n, lo }, agreed(0, `${lo}`))
  for (const lo of [8n, 0n]) await sealChunk(database, { jobId: 1n, lo })
  return database
}

describe('listSegments', () => {
  test('default: sealed chunks, in the order of their tasks', async () => {
    const database = await threeChunks()
    const segments = await listSegments(database, { jobId: 1n, after: -1n, limit: 10 })
    expect(segments.map(({ lo }) => lo)).toEqual([0n, 8n])
    for (const { digest, bytes } of segments) {
      expect(digest).toHaveLength(32)
      expect(bytes).toBeGreaterThan(50)
    }
  })

  test('behavior: page by page', async () => {
    const database = await threeChunks()
    const page = async (after: bigint) =>
      (await listSegments(database, { jobId: 1n, after, limit: 1 })).map(({ lo }) => lo)
    expect([await page(-1n), await page(0n), await page(8n)]).toEqual([[0n], [8n], []])
  })
})

describe('readSegment', () => {
  test('default: the votes of a sealed chunk', async () => {
    const votes = await readSegment(await threeChunks(), { jobId: 1n, lo: 8n })
    expect(votes?.map(({ report }) => report.accountId)).toEqual([1n, 2n])
  })

  test('behavior: nothing of a chunk that is still open', async () => {
    const database = await threeChunks()
    expect(await readSegment(database, { jobId: 1n, lo: 4n })).toBeUndefined()
  })
})

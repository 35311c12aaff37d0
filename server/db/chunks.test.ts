import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/create-database.ts'
import { createTestJob, emptySummary, endClaims, openTransaction } from '../testing/test-job.ts'
import { claimChunks, cutChunk, releaseChunks, renewChunks } from './chunks.ts'

const [here, elsewhere] = [randomUUID(), randomUUID()]

async function createJob(chunkSize = 400) {
  const { database } = await createTestDatabase()
  const { id: jobId } = await createTestJob(database, { chunkSize })
  return {
    database,
    jobId,
    cut: (owner = here) => cutChunk(database, { jobId, owner, emptySummary }),
    claim: async (owner: string, limit = 10) =>
      (await claimChunks(database, { owner, jobIds: [jobId], limit })).map(({ lo }) => lo).toSorted(),
  }
}

describe('cutChunk', () => {
  test('default: one after the other, the last one shorter, and then no more', async () => {
    const { jobId, cut } = await createJob()
    expect([await cut(), await cut(), await cut(), await cut()]).toEqual([
      { jobId, lo: 0n, hi: 400n },
      { jobId, lo: 400n, hi: 800n },
      { jobId, lo: 800n, hi: 1000n },
      undefined,
    ])
  })

  test('behavior: of servers that cut at the same time, each gets its own', async () => {
    const { cut } = await createJob(100)
    const chunks = await Promise.all(Array.from({ length: 12 }, (_, at) => cut(at % 2 === 0 ? here : elsewhere)))
    const starts = chunks.flatMap(chunk => (chunk === undefined ? [] : [Number(chunk.lo)]))
    expect(starts.toSorted((a, b) => a - b)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900])
  })
})

describe('claimChunks', () => {
  test('default: what nobody holds any more, and nothing that is held or sealed', async () => {
    const { database, cut, claim } = await createJob()
    await cut()
    await cut()
    await cut()
    expect(await claim(elsewhere)).toEqual([])
    await endClaims(database)
    await database.query('update chunks set sealed_at = now() where lo = 400')
    expect(await claim(elsewhere)).toEqual([0n, 800n])
    expect(await claim(here)).toEqual([])
  })

  test('behavior: of servers that claim at the same time, each gets its own', async () => {
    const { database, cut, claim } = await createJob(100)
    for (let at = 0; at < 10; at++) await cut()
    await endClaims(database)
    const claimed = await Promise.all([claim(here, 5), claim(elsewhere, 5), claim(randomUUID(), 5)])
    const all = claimed.flat()
    expect(new Set(all).size).toBe(all.length)
    expect([...all, ...(await claim(here))]).toHaveLength(10)
  })

  test('behavior: not while its counts are being written', async () => {
    const { database, cut, claim } = await createJob()
    await cut()
    await endClaims(database)
    const writing = await openTransaction(database, client => client.query('update chunks set accepted = 1'))
    expect(await claim(elsewhere)).toEqual([])
    await writing.commit()
    expect(await claim(elsewhere)).toEqual([0n])
  })
})

describe('renewChunks', () => {
  test('default: those that are still its own', async () => {
    const { database, jobId, cut, claim } = await createJob()
    const chunks = [await cut(), await cut(elsewhere), await cut()].flatMap(chunk => chunk ?? [])
    await endClaims(database)
    expect((await renewChunks(database, here, chunks)).map(({ lo }) => lo).toSorted()).toEqual([0n, 800n])
    expect(await claim(elsewhere)).toEqual([400n])
    expect(await renewChunks(database, here, [{ jobId, lo: 400n }])).toEqual([])
  })
})

describe('releaseChunks', () => {
  test('default: another server need not wait for the end of the claims', async () => {
    const { database, cut, claim } = await createJob()
    await cut()
    await cut(elsewhere)
    await releaseChunks(database, here)
    expect(await claim(elsewhere)).toEqual([0n])
  })
})

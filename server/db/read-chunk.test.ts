import { createHash, randomUUID } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { collatzRecords } from '../../wasm/collatz-records/descriptor.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createTestChunk, createTestJob } from '../testing/test-job.ts'
import { failed, loggedVote, same } from '../testing/votes.ts'
import { appendLog } from './append-log.ts'
import { encodeBlock } from './entry-codec.ts'
import { readChunkVotes, readLog } from './read-chunk.ts'
import { sealChunk } from './seal-chunk.ts'

const owner = randomUUID()
const reports = [
  [loggedVote(1, 'a'), loggedVote(1, failed('trap'), { offset: 2 })],
  [loggedVote(2, same(0)), loggedVote(2, 'b', { offset: 1 })],
  [loggedVote(3, 'c', { offset: 1 })],
]

/** A chunk with three reports in two rows of its log. */
async function createChunk() {
  const { database } = await createTestDatabase()
  const { id: jobId } = await createTestJob(database)
  const { lo } = await createTestChunk(database, jobId, owner)
  const blocks = reports.map(votes => encodeBlock((votes[0] as (typeof votes)[number]).report, votes))
  const rows = [Buffer.concat(blocks.slice(0, 2)), blocks[2] as Buffer]
  for (const [seq, entries] of rows.entries())
    await appendLog(database, { owner, own: [{ jobId, lo, seq, entries }], foreign: [] })
  return { database, chunk: { jobId, lo } }
}

describe('readChunkVotes', () => {
  test('default: in the order of the log', async () => {
    const { database, chunk } = await createChunk()
    expect(await readChunkVotes(database, chunk)).toEqual(reports.flat())
    expect(await readChunkVotes(database, { ...chunk, lo: 4n })).toEqual([])
  })

  test('behavior: of one task only', async () => {
    const { database, chunk } = await createChunk()
    expect(await readChunkVotes(database, chunk, 1)).toEqual(reports.flat().filter(({ offset }) => offset === 1))
  })

  test('behavior: a sealed chunk says the same as its log did', async () => {
    const { database, chunk } = await createChunk()
    const rows = await readLog(database, chunk)
    const bytes = zstdCompressSync(Buffer.concat(rows.map(({ entries }) => entries)))
    const segment = { bytes, digest: createHash('sha256').update(bytes).digest() }
    const merge = collatzRecords.mergeSummaries as (one: unknown, other: unknown) => unknown
    expect(await sealChunk(database, { ...chunk, owner, lastSeq: 1, segment, now: new Date() }, merge)).toBe(true)
    expect(await readLog(database, chunk)).toEqual([])
    expect(await readChunkVotes(database, chunk)).toEqual(reports.flat())
    expect(await readChunkVotes(database, chunk, 1)).toEqual(reports.flat().filter(({ offset }) => offset === 1))
  })
})

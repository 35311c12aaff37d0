import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { collatzRecords } from '../../wasm/collatz-records/descriptor.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createTestChunk, createTestJob, openTransaction, waitForBlocked } from '../testing/test-job.ts'
import { appendLog } from './append-log.ts'
import type { Database } from './database.ts'
import { readLog } from './read-chunk.ts'
import { sealChunk } from './seal-chunk.ts'

const [here, elsewhere] = [randomUUID(), randomUUID()]
const bytes = Buffer.from('segment')
const digest = createHash('sha256').update(bytes).digest()
const nothing = { own: [], foreign: [] }
const merge = collatzRecords.mergeSummaries as (one: unknown, other: unknown) => unknown

/** A chunk with two rows in its log and its counts written. */
async function createFinalChunk(database: Database, jobId: bigint) {
  const { lo } = await createTestChunk(database, jobId, here)
  for (const seq of [0, 1])
    await appendLog(database, { owner: here, own: [{ jobId, lo, seq, entries: Buffer.from('x') }], foreign: [] })
  await database.query(
    `update chunks set accepted = 2, disputed = 1, failed = 1, summary = $3 where job_id = $1 and lo = $2`,
    [jobId, lo, JSON.stringify({ records: [], totalGlide: '10', tasks: 2 })],
  )
  return { jobId, lo }
}

async function createFinal() {
  const { database } = await createTestDatabase()
  const { id: jobId } = await createTestJob(database)
  const chunk = await createFinalChunk(database, jobId)
  return {
    database,
    jobId,
    chunk,
    seal: (rest: { owner?: string; lastSeq?: number; lo?: bigint } = {}) =>
      sealChunk(
        database,
        { ...chunk, owner: here, lastSeq: 1, segment: { bytes, digest }, now: new Date(), ...rest },
        merge,
      ),
    /** Of sealed chunks alone. */
    progress: async () =>
      (await database.query('select accepted, disputed, failed, summary from job_progress')).rows[0],
    segments: async () =>
      (await database.query<{ lo: bigint }>('select lo from segments order by lo')).rows.map(({ lo }) => lo),
  }
}

const sealedOnce = { accepted: 2n, disputed: 1n, failed: 1n, summary: { records: [], totalGlide: '10', tasks: 2 } }
const untouched = { accepted: 0n, disputed: 0n, failed: 0n, summary: { tasks: 0 } }

describe('sealChunk', () => {
  test('default: the log becomes a segment, and counts and summary are the job’s', async () => {
    const { database, chunk, seal, progress } = await createFinal()
    expect(await seal()).toBe(true)
    expect(await progress()).toMatchObject(sealedOnce)
    expect(await readLog(database, chunk)).toEqual([])
    const { rows } = await database.query('select bytes, digest from segments')
    expect(rows).toEqual([{ bytes, digest }])
    const { rows: chunks } = await database.query('select owner, sealed_at is not null as "isSealed" from chunks')
    expect(chunks).toEqual([{ owner: null, isSealed: true }])
  })

  test('behavior: a second time it changes nothing', async () => {
    const { seal, progress, segments } = await createFinal()
    await seal()
    expect(await seal()).toBe(false)
    expect(await progress()).toMatchObject(sealedOnce)
    expect(await segments()).toEqual([0n])
  })

  test('behavior: two at the same time count once', async () => {
    const { seal, progress, segments } = await createFinal()
    expect((await Promise.all([seal(), seal(), seal()])).filter(Boolean)).toHaveLength(1)
    expect(await progress()).toMatchObject(sealedOnce)
    expect(await segments()).toEqual([0n])
  })

  test('behavior: chunks sealed at the same time are all counted', async () => {
    const { database, jobId, seal, progress } = await createFinal()
    const second = await createFinalChunk(database, jobId)
    const third = await createFinalChunk(database, jobId)
    expect(await Promise.all([seal(), seal({ lo: second.lo }), seal({ lo: third.lo })])).toEqual([true, true, true])
    expect(await progress()).toMatchObject({
      accepted: 6n,
      disputed: 3n,
      failed: 3n,
      summary: { totalGlide: '30', tasks: 6 },
    })
  })

  test('behavior: not by a server that does not hold it', async () => {
    const { database, chunk, seal, progress, segments } = await createFinal()
    expect(await seal({ owner: elsewhere })).toBe(false)
    expect([await segments(), await readLog(database, chunk)]).toEqual([[], [expect.anything(), expect.anything()]])
    expect(await progress()).toMatchObject(untouched)
  })

  test('behavior: not while its log is longer than the segment', async () => {
    const { database, chunk, seal, progress, segments } = await createFinal()
    expect(await seal({ lastSeq: 0 })).toBe(false)
    expect([await segments(), await readLog(database, chunk)]).toEqual([[], [expect.anything(), expect.anything()]])
    expect(await progress()).toMatchObject(untouched)
  })

  test('behavior: not while there is something in its inbox', async () => {
    const { database, chunk, seal, segments } = await createFinal()
    await appendLog(database, { owner: elsewhere, own: [], foreign: [{ ...chunk, entries: bytes }] })
    expect(await seal()).toBe(false)
    expect(await segments()).toEqual([])
  })

  test('behavior: what is being appended is waited for, and keeps it open', async () => {
    const { database, chunk, seal, segments } = await createFinal()
    const append = await openTransaction(database, client =>
      appendLog(client, { owner: here, own: [{ ...chunk, seq: 2, entries: bytes }], foreign: [] }),
    )
    const sealing = seal()
    await waitForBlocked(database, 1)
    await append.commit()
    expect(await sealing).toBe(false)
    expect([await segments(), (await readLog(database, chunk)).map(({ seq }) => seq)]).toEqual([[], [0, 1, 2]])
  })

  test('behavior: what is being sent to its inbox is waited for, and keeps it open', async () => {
    const { database, chunk, seal, segments } = await createFinal()
    const send = await openTransaction(database, client =>
      appendLog(client, { owner: elsewhere, own: [], foreign: [{ ...chunk, entries: bytes }] }),
    )
    const sealing = seal()
    await waitForBlocked(database, 1)
    await send.commit()
    expect(await sealing).toBe(false)
    expect(await segments()).toEqual([])
  })

  test('behavior: what comes while it is being sealed is not stored, so nobody is told that it is', async () => {
    const { database, jobId, chunk, seal, progress, segments } = await createFinal()
    // The seal holds the chunk and waits for its job's progress.
    const busy = await openTransaction(database, client =>
      client.query('select 1 from job_progress where job_id = $1 for update', [jobId]),
    )
    const sealing = seal()
    await waitForBlocked(database, 1)
    const late = appendLog(database, { owner: here, own: [{ ...chunk, seq: 2, entries: bytes }], foreign: [] })
    const sent = appendLog(database, { owner: elsewhere, own: [], foreign: [{ ...chunk, entries: bytes }] })
    await waitForBlocked(database, 3)
    await busy.commit()
    expect(await sealing).toBe(true)
    expect([await late, await sent]).toEqual([nothing, nothing])
    expect([await segments(), await readLog(database, chunk)]).toEqual([[0n], []])
    expect(await progress()).toMatchObject(sealedOnce)
    expect((await database.query('select 1 from inbox')).rows).toEqual([])
  })
})

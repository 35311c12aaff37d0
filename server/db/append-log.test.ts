import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/create-database.ts'
import { createTestChunk, createTestJob, endClaims, openTransaction, waitForBlocked } from '../testing/test-job.ts'
import { appendLog, drainInbox, findInbox } from './append-log.ts'
import { claimChunks } from './chunks.ts'
import { type ChunkKey, readLog } from './read-chunk.ts'

const [here, elsewhere] = [randomUUID(), randomUUID()]
const nothing = { own: [], foreign: [] }
const bytes = (text: string) => Buffer.from(text)

async function createChunks() {
  const { database } = await createTestDatabase()
  const { id: jobId } = await createTestJob(database)
  const { lo } = await createTestChunk(database, jobId, here)
  const chunk = { jobId, lo }
  return {
    database,
    jobId,
    chunk,
    other: await createTestChunk(database, jobId, elsewhere),
    append: (owner: string, seq: number, text: string, key: ChunkKey = chunk) =>
      appendLog(database, { owner, own: [{ ...key, seq, entries: bytes(text) }], foreign: [] }),
    send: (key: ChunkKey, text: string) =>
      appendLog(database, { owner: here, own: [], foreign: [{ ...key, entries: bytes(text) }] }),
    log: async (key: ChunkKey = chunk) =>
      (await readLog(database, key)).map(({ seq, entries }) => `${seq} ${entries.toString()}`),
    inbox: async () =>
      (await database.query<{ entries: Buffer }>('select entries from inbox order by id')).rows.map(({ entries }) =>
        entries.toString(),
      ),
    takeOver: async () => {
      await endClaims(database)
      return claimChunks(database, { owner: elsewhere, jobIds: [jobId], limit: 10 })
    },
    seal: () => database.query('update chunks set sealed_at = now(), owner = null where lo = $1', [lo]),
  }
}

describe('appendLog', () => {
  test('default: to the log of what is held here, to the inbox for what others hold', async () => {
    const { database, chunk, other, log, inbox } = await createChunks()
    const { jobId, lo } = other
    const stored = await appendLog(database, {
      owner: here,
      own: [{ ...chunk, seq: 0, entries: bytes('own') }],
      foreign: [{ jobId, lo, entries: bytes('foreign') }],
    })
    expect(stored).toMatchObject({ own: [chunk], foreign: [{ jobId, lo }] })
    expect([await log(), await log(other), await inbox()]).toEqual([['0 own'], [], ['foreign']])
  })

  test('behavior: a server that another one has taken the chunk from appends nothing', async () => {
    const { append, takeOver, log } = await createChunks()
    await takeOver()
    expect(await append(here, 0, 'stale')).toEqual(nothing)
    expect(await append(elsewhere, 0, 'fresh')).toMatchObject({ own: [{}] })
    expect(await log()).toEqual(['0 fresh'])
  })

  test('behavior: nothing goes to a sealed chunk, neither to its log nor to its inbox', async () => {
    const { append, send, chunk, seal, log, inbox } = await createChunks()
    await seal()
    expect([await append(here, 0, 'late'), await send(chunk, 'late')]).toEqual([nothing, nothing])
    expect([await log(), await inbox()]).toEqual([[], []])
  })

  test('behavior: where a row is there already nothing is stored, but the rest of the batch is', async () => {
    const { database, jobId, chunk, append, log } = await createChunks()
    const second = await createTestChunk(database, jobId, here)
    await append(here, 0, 'first')
    const stored = await appendLog(database, {
      owner: here,
      own: [
        { ...chunk, seq: 0, entries: bytes('again') },
        { jobId, lo: second.lo, seq: 0, entries: bytes('second') },
      ],
      foreign: [],
    })
    expect(stored.own).toEqual([expect.objectContaining({ lo: second.lo })])
    expect([await log(), await log(second)]).toEqual([['0 first'], ['0 second']])
  })

  test('behavior: a chunk is not taken over while something is being appended to it', async () => {
    const { database, chunk, takeOver } = await createChunks()
    const append = await openTransaction(database, client =>
      appendLog(client, { owner: here, own: [{ ...chunk, seq: 0, entries: bytes('open') }], foreign: [] }),
    )
    await endClaims(database)
    expect((await takeOver()).map(({ lo }) => lo)).not.toContain(chunk.lo)
    await append.commit()
    expect((await takeOver()).map(({ lo }) => lo)).toContain(chunk.lo)
  })

  test('behavior: what is appended while another server takes the chunk over waits, and is not stored', async () => {
    const { database, jobId, append, log } = await createChunks()
    await endClaims(database)
    const claim = await openTransaction(database, client =>
      claimChunks(client, { owner: elsewhere, jobIds: [jobId], limit: 10 }),
    )
    const stale = append(here, 0, 'stale')
    await waitForBlocked(database, 1)
    await claim.commit()
    expect(await stale).toEqual(nothing)
    expect(await log()).toEqual([])
  })
})

describe('drainInbox', () => {
  test('default: moves what came for a chunk to the end of its log, in its order, and nothing else', async () => {
    const { database, chunk, other, append, send, log, inbox } = await createChunks()
    await append(here, 0, 'own')
    for (const text of ['one', 'two', 'three']) {
      await send(chunk, text)
      await send(other, `not ${text}`)
    }
    const moved = await drainInbox(database, { ...chunk, owner: here, seq: 1 })
    expect(moved.map(({ seq, entries }) => `${seq} ${entries}`)).toEqual(['1 one', '2 two', '3 three'])
    expect(await log()).toEqual(['0 own', '1 one', '2 two', '3 three'])
    expect(await inbox()).toEqual(['not one', 'not two', 'not three'])
    expect(await drainInbox(database, { ...chunk, owner: here, seq: 4 })).toEqual([])
  })

  test('behavior: only for the chunk’s owner', async () => {
    const { database, chunk, send, takeOver, log, inbox } = await createChunks()
    await send(chunk, 'one')
    await takeOver()
    expect(await drainInbox(database, { ...chunk, owner: here, seq: 0 })).toEqual([])
    expect([await log(), await inbox()]).toEqual([[], ['one']])
    expect(await drainInbox(database, { ...chunk, owner: elsewhere, seq: 0 })).toHaveLength(1)
  })

  test('error: where the log has gone on, and then the inbox keeps what it has', async () => {
    const { database, chunk, append, send, log, inbox } = await createChunks()
    await append(here, 0, 'own')
    await send(chunk, 'one')
    await expect(drainInbox(database, { ...chunk, owner: here, seq: 0 })).rejects.toThrow('duplicate key')
    expect([await log(), await inbox()]).toEqual([['0 own'], ['one']])
  })
})

describe('findInbox', () => {
  test('default: of these chunks, those that something came for', async () => {
    const { database, chunk, other, send } = await createChunks()
    await send(other, 'one')
    await send(other, 'two')
    expect(await findInbox(database, [chunk, other])).toEqual([{ jobId: other.jobId, lo: other.lo }])
    expect(await findInbox(database, [])).toEqual([])
  })
})

import { randomBytes } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import type { HeldChunk } from './active-job.ts'
import { appendLog } from './db/append-log.ts'
import { encodeBlock } from './db/entry-codec.ts'
import { readChunkVotes } from './db/read-chunk.ts'
import { createTestDatabase } from './testing/create-database.ts'
import { createServerParts, type ServerParts } from './testing/server-parts.ts'
import { collatzOutput, createTestChunk, createTestJob, endClaims } from './testing/test-job.ts'
import { loggedVote, output, type Rest } from './testing/votes.ts'

const offsets = [0, 1, 2, 3]
const vote = (account: number, offset: number, rest: Rest = {}, glide = 5) =>
  loggedVote(account, output(collatzOutput(glide)), { offset, ...rest })

async function createServer(chunks = 1) {
  const { database } = await createTestDatabase()
  const row = await createTestJob(database)
  const server = createServerParts(database, row)
  for (let chunk = 0; chunk < chunks; chunk++) await createTestChunk(database, row.id, server.serverId)
  await endClaims(database)
  await server.keeper.renew()
  return {
    database,
    row,
    server,
    /** Of sealed chunks alone. */
    progress: async () => (await database.query('select accepted, summary from job_progress')).rows[0],
    refold: async () => {
      await endClaims(database)
      await server.keeper.renew()
    },
  }
}

/** Two accounts agree on all tasks of a chunk, and the books are written. */
async function accept(server: ServerParts, lo = 0n): Promise<void> {
  for (const account of [1, 2])
    await server.append(lo, vote(account, 0), ...[1, 2, 3].map(offset => vote(account, offset)))
  await server.writeBooks()
}

async function seal(server: ServerParts): Promise<void> {
  const sealing = [...server.job.chunks.values()]
  server.keeper.sealFinal()
  await vi.waitFor(() => expect(sealing.some(({ isSealing }) => isSealing)).toBe(false))
}

describe('createChunkKeeper', () => {
  test('default: cuts chunks as they are needed, until the job is cut to its end', async () => {
    const { database } = await createTestDatabase()
    const server = createServerParts(database, await createTestJob(database, { chunkSize: 300 }))
    await server.keeper.cut()
    expect([...server.job.chunks.keys()]).toEqual([0n])
    server.job.startedLately = 1000
    await server.keeper.cut()
    expect([...server.job.chunks.keys()]).toEqual([0n, 300n, 600n, 900n])
    expect([server.held(900n)?.chunk.size, server.job.isCut]).toEqual([100, true])
  })

  test('behavior: what is final and written down is sealed, and its summary is the job’s', async () => {
    const { database, row, server, progress } = await createServer()
    await accept(server)
    const before = await readChunkVotes(database, { jobId: row.id, lo: 0n })
    await seal(server)
    expect(server.held(0n)).toBeUndefined()
    expect(await readChunkVotes(database, { jobId: row.id, lo: 0n })).toEqual(before)
    expect((await database.query('select 1 from log')).rows).toEqual([])
    expect(await progress()).toMatchObject({ accepted: 4n, summary: { tasks: 4, totalGlide: '20' } })
  })

  test('behavior: not before the books are written, nor while something is leased', async () => {
    const { server } = await createServer()
    await accept(server)
    await server.append(0n, vote(3, 0))
    await seal(server)
    expect(server.held(0n)?.isChanged).toBe(true)
    await server.writeBooks()
    await seal(server)
    expect(server.held(0n)).toBeUndefined()
  })

  test('behavior: whatever comes while it is being sealed is in the segment and the books, or nobody was told', async () => {
    const { database, row, server, progress } = await createServer(20)
    const chunks = [...server.job.chunks.keys()]
    for (const lo of chunks) await accept(server, lo)
    const late = (lo: bigint) => server.append(lo, vote(9, 0))
    const sealing = seal(server)
    const appended = await Promise.all(chunks.map(late))
    await sealing
    await server.writeBooks()
    await seal(server)
    await server.writeBooks()
    const { rows } = await database.query<{ lo: bigint }>(
      'select lo from contributions where account_id = 9 order by lo',
    )
    const stored = chunks.filter((_, at) => appended[at]?.kind !== 'closed')
    expect(rows.map(({ lo }) => lo)).toEqual(stored)
    for (const lo of chunks) {
      const votes = await readChunkVotes(database, { jobId: row.id, lo })
      expect(votes.some(({ report }) => report.accountId === 9n)).toBe(stored.includes(lo))
    }
    expect(await progress()).toMatchObject({ accepted: 80n })
  })

  test('behavior: nor is anything lost of what comes while a large log is compressed', async () => {
    const { database, row, server } = await createServer()
    // Noise, so that it takes a while.
    const said = output(randomBytes(1 << 20))
    const noise = (account: number, offset = 0) => loggedVote(account, said, { offset, replica: (account - 1) % 200 })
    for (const account of [1, 2])
      await server.append(0n, noise(account), ...[1, 2, 3].map(offset => noise(account, offset)))
    await server.writeBooks()
    let isSealing = true
    const sealing = seal(server).then(() => {
      isSealing = false
    })
    const stored: bigint[] = []
    for (let account = 9; isSealing; account++) {
      const appended = await server.append(0n, noise(account))
      if (appended?.kind !== 'closed') stored.push(BigInt(account))
    }
    await sealing
    const votes = await readChunkVotes(database, { jobId: row.id, lo: 0n })
    expect(votes.map(({ report }) => report.accountId).filter(account => account >= 9n)).toEqual(stored)
  })

  test('behavior: a log with a row that nobody here has folded is folded again, and then sealed', async () => {
    const { database, row, server, refold } = await createServer()
    await accept(server)
    // Stored, but the answer never came.
    const lost = vote(3, 0)
    const { nextSeq: seq } = server.held(0n) as HeldChunk
    const entries = encodeBlock(lost.report, [lost])
    await appendLog(database, { owner: server.serverId, own: [{ jobId: row.id, lo: 0n, seq, entries }], foreign: [] })
    await seal(server)
    expect(server.held(0n)).toBeUndefined()
    await refold()
    expect(server.held(0n)?.chunk.contributions.get(3n)?.accepted).toBe(1)
    await server.writeBooks()
    await seal(server)
    expect((await readChunkVotes(database, { jobId: row.id, lo: 0n })).at(-1)).toEqual(lost)
    expect((await database.query('select lo from segments')).rows).toEqual([{ lo: 0n }])
  })

  test('behavior: what is in its inbox is folded before it is sealed', async () => {
    const { database, row, server } = await createServer()
    await accept(server)
    await createServerParts(database, row).append(0n, vote(3, 0))
    await seal(server)
    expect(server.held(0n)?.chunk.contributions.get(3n)?.accepted).toBe(1)
    await server.writeBooks()
    await seal(server)
    expect(server.held(0n)).toBeUndefined()
  })

  test('behavior: it takes over what the dead held, with log, inbox and summary, and drops what it lost', async () => {
    const { database, row, server } = await createServer()
    const heir = createServerParts(database, row)
    await server.append(0n, vote(1, 0), vote(1, 1))
    await heir.append(0n, vote(2, 0))
    await heir.keeper.renew()
    expect(heir.held(0n)).toBeUndefined()
    await endClaims(database)
    await heir.keeper.renew()
    const held = heir.held(0n) as HeldChunk
    expect(offsets.map(offset => held.chunk.task(offset).votes.length)).toEqual([2, 1, 0, 0])
    expect(held).toMatchObject({ nextSeq: 2, isChanged: true, summary: { tasks: 1, totalGlide: '5' } })
    await server.keeper.renew()
    expect(server.held(0n)).toBeUndefined()
  })

  test('behavior: an overturned verdict has the chunk folded again, so that its summary says the truth', async () => {
    const { server, refold } = await createServer()
    await accept(server)
    for (const account of [3, 4, 5, 6]) await server.append(0n, vote(account, 0, { credibility: 0.9998 }, 8))
    expect(server.held(0n)).toBeUndefined()
    await refold()
    expect(server.held(0n)?.summary).toMatchObject({ tasks: 4, totalGlide: '23' })
    await server.writeBooks()
    await seal(server)
    expect(server.held(0n)).toBeUndefined()
  })

  test('behavior: what other servers received is folded when they tell, and found when they cannot', async () => {
    const { database, row, server } = await createServer()
    const other = createServerParts(database, row)
    await other.append(0n, vote(1, 0))
    server.keeper.catchUp(server.job, 0n)
    await vi.waitFor(() => expect(server.held(0n)?.chunk.task(0).votes).toHaveLength(1))
    await other.append(0n, vote(2, 0))
    await server.keeper.renew()
    await vi.waitFor(() => expect(server.held(0n)?.chunk.task(0).votes).toHaveLength(2))
  })

  test('error: a log that cannot be read is told of, and keeps no other chunk from being taken over', async () => {
    const { database, row, server } = await createServer(3)
    const heir = createServerParts(database, row)
    for (const lo of [0n, 4n]) await server.append(lo, vote(1, 0))
    await database.query(`update log set entries = '\\x0102' where lo = 0`)
    await endClaims(database)
    await heir.keeper.renew()
    expect([...heir.job.chunks.keys()].toSorted()).toEqual([4n, 8n])
    expect(heir.logged).toEqual([expect.stringContaining('could not be taken over')])
  })
})

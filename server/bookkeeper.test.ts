import { describe, expect, test, vi } from 'vitest'
import type { HeldChunk } from './active-job.ts'
import { createTestDatabase } from './testing/create-database.ts'
import { createServerParts } from './testing/server-parts.ts'
import {
  collatzOutput,
  createTestChunk,
  createTestJob,
  endClaims,
  openTransaction,
  waitForBlocked,
} from './testing/test-job.ts'
import { loggedVote, output, type Rest } from './testing/votes.ts'

const lo = 0n
const vote = (account: number, rest: Rest = {}, glide = 5) => loggedVote(account, output(collatzOutput(glide)), rest)

async function createServer() {
  const { database } = await createTestDatabase()
  const row = await createTestJob(database)
  const server = createServerParts(database, row)
  await createTestChunk(database, row.id, server.serverId)
  const refold = async () => {
    await endClaims(database)
    await server.keeper.renew()
  }
  await refold()
  return {
    database,
    server,
    refold,
    held: () => server.held(lo) as HeldChunk,
    written: async () =>
      (
        await database.query<{ text: string }>(
          `select account_id || ': ' || returned || ' ' || accepted || ' ' || rejected || ' ' || micro_credits as text
           from contributions order by account_id`,
        )
      ).rows.map(({ text }) => text),
    recent: async () =>
      (
        await database.query<{ text: string }>(
          `select account_id || ' ' || (entry ->> 'index') || ' ' || (entry ->> 'state') as text
           from recent_results, jsonb_array_elements(entries) entry order by text`,
        )
      ).rows.map(({ text }) => text),
  }
}

describe('createBookkeeper', () => {
  test('default: what votes came to, in credits, records and latest results', async () => {
    const { database, server, held, written, recent } = await createServer()
    await server.append(lo, vote(1), vote(1, { offset: 1 }))
    await server.append(lo, vote(2))
    expect(held().isChanged).toBe(true)
    await server.writeBooks()
    expect(held().isChanged).toBe(false)
    expect(await written()).toEqual(['1: 2 1 0 2000', '2: 1 1 0 2000'])
    expect(await recent()).toEqual(['1 0 accepted', '1 1 returned', '2 0 accepted'])
    expect((await database.query('select accepted from chunks')).rows).toEqual([{ accepted: 1 }])
    expect((await database.query('select passed from records')).rows).toEqual([{ passed: 1 }, { passed: 1 }])
  })

  test('behavior: twice a second by itself, and what is left at the stop', async () => {
    const { server, written } = await createServer()
    server.bookkeeper.start()
    await server.append(lo, vote(1))
    await vi.waitFor(async () => expect(await written()).toEqual(['1: 1 0 0 0']), 10_000)
    await server.append(lo, vote(2))
    await server.bookkeeper.stop()
    expect(await written()).toEqual(['1: 1 1 0 2000', '2: 1 1 0 2000'])
  })

  test('behavior: a vote that did not count is in no book', async () => {
    const { server, held, written } = await createServer()
    await server.append(lo, vote(1))
    await server.writeBooks()
    await server.append(lo, vote(2, { replica: 0 }))
    expect(held().isChanged).toBe(false)
    await server.writeBooks()
    expect(await written()).toEqual(['1: 1 0 0 0'])
  })

  test('behavior: a failed check costs a pause here at once', async () => {
    const { database, server } = await createServer()
    await database.query('insert into accounts (created_at) values (now())')
    await database.query(
      `insert into devices (account_id, public_key, network, created_at, seen_at) values (1, 'a', 0, now(), now())`,
    )
    const device = await server.known.find(1n, 1n)
    await server.append(lo, vote(1, { credibility: 0.8 }, 8))
    for (const account of [2, 3]) await server.append(lo, vote(account, { credibility: 0.9998 }))
    expect(device.records.get(server.job.kernelDigest)).toMatchObject({ passed: 0, strikes: 1 })
  })

  test('behavior: what a server finds in the log of a dead one is written once', async () => {
    const { database, server, refold, held, written } = await createServer()
    await server.append(lo, vote(1))
    await server.append(lo, vote(2))
    server.keeper.letGo(held())
    await server.writeBooks()
    expect(await written()).toEqual([])
    for (let time = 0; time < 2; time++) {
      await refold()
      await server.writeBooks()
      server.keeper.letGo(held())
    }
    expect(await written()).toEqual(['1: 1 1 0 2000', '2: 1 1 0 2000'])
    expect((await database.query('select sum(returned)::integer as returned from activity')).rows).toEqual([
      { returned: 2 },
    ])
  })

  test('behavior: a chunk let go within a batch is not written as it was then', async () => {
    const { server, refold, written } = await createServer()
    for (const account of [1, 2]) await server.append(lo, vote(account))
    // The fourth of them overturns the verdict, and the chunk is let go.
    await Promise.all([3, 4, 5, 6, 7].map(account => server.append(lo, vote(account, { credibility: 0.9998 }, 8))))
    expect(server.held(lo)).toBeUndefined()
    await server.writeBooks()
    expect(await written()).toEqual([])
    await refold()
    await server.writeBooks()
    expect(await written()).toEqual([
      '1: 1 0 1 0',
      '2: 1 0 1 0',
      ...[3, 4, 5, 6, 7].map(account => `${account}: 1 1 0 2000`),
    ])
  })

  test('error: what could not be written is written with what has come since', async () => {
    const { database, server, written, recent } = await createServer()
    await server.append(lo, vote(1), vote(1, { offset: 1 }))
    await database.query('alter table activity rename to away')
    await server.writeBooks()
    expect(server.logged).toEqual([expect.stringContaining('could not be written')])
    await database.query('alter table away rename to activity')
    await server.append(lo, vote(2))
    await server.writeBooks()
    expect(await written()).toEqual(['1: 2 1 0 2000', '2: 1 1 0 2000'])
    expect(await recent()).toEqual(['1 0 accepted', '1 1 returned', '2 0 accepted'])
  })

  test('error: a chunk let go while its books cannot be written does not overwrite its next fold', async () => {
    const { database, server, refold, held, written } = await createServer()
    await server.append(lo, vote(1))
    const renaming = await openTransaction(database, client => client.query('alter table activity rename to away'))
    const writing = server.writeBooks()
    await waitForBlocked(database, 1)
    server.keeper.letGo(held())
    await renaming.commit()
    await writing
    await database.query('alter table away rename to activity')
    await refold()
    await server.append(lo, vote(2))
    await server.writeBooks()
    await server.writeBooks()
    expect(await written()).toEqual(['1: 1 1 0 2000', '2: 1 1 0 2000'])
    expect(held().isChanged).toBe(false)
    expect(server.logged).toHaveLength(1)
  })

  test('behavior: a chunk that another server has is let go', async () => {
    const { database, server, written } = await createServer()
    await server.append(lo, vote(1))
    await database.query('update chunks set owner = gen_random_uuid()')
    await server.writeBooks()
    expect([server.held(lo), await written()]).toEqual([undefined, []])
  })
})

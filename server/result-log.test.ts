import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HeldChunk } from './active-job.ts'
import { appendLog } from './db/append-log.ts'
import type { Database } from './db/database.ts'
import { encodeBlock } from './db/entry-codec.ts'
import { readChunkVotes, readLog } from './db/read-chunk.ts'
import { Chunk } from './domain/chunk.ts'
import { foldLog } from './domain/fold-log.ts'
import { OpenLeases } from './domain/open-leases.ts'
import type { LoggedVote } from './domain/task.ts'
import { createTestDatabase } from './testing/create-database.ts'
import { createServerParts, type ServerParts } from './testing/server-parts.ts'
import { collatzOutput, createTestChunk, createTestJob, endClaims } from './testing/test-job.ts'
import { failed, loggedVote, output, type Rest } from './testing/votes.ts'

const lo = 0n
const vote = (account: number, rest: Rest = {}, glide = 5) => loggedVote(account, output(collatzOutput(glide)), rest)

/** Two servers, of which the first holds the chunk. */
async function createServers() {
  const { database } = await createTestDatabase()
  const row = await createTestJob(database)
  const key = { jobId: row.id, lo }
  const owner = createServerParts(database, row)
  await createTestChunk(database, row.id, owner.serverId)
  await endClaims(database)
  await owner.keeper.renew()
  return {
    database,
    key,
    owner,
    other: createServerParts(database, row),
    held: owner.held(lo) as HeldChunk,
    seqs: async () => (await readLog(database, key)).map(({ seq }) => seq),
    takeOver: async (server: ServerParts) => {
      await endClaims(database)
      await server.keeper.renew()
    },
  }
}

const inbox = async (database: Database) => (await database.query('select 1 from inbox')).rows.length

describe('createResultLog', () => {
  test('default: what comes for a chunk held here is durable and folded', async () => {
    const { database, key, owner, held, seqs } = await createServers()
    const votes = [vote(1), vote(1, { offset: 1 }), loggedVote(1, failed('trap'), { offset: 2 })] as const
    const appended = await owner.append(lo, ...votes)
    expect(appended?.kind === 'folded' && appended.folded.map(({ after }) => after.votes.length)).toEqual([1, 1, 1])
    expect(await readChunkVotes(database, key)).toEqual(votes)
    expect([held.nextSeq, await seqs()]).toEqual([1, [0]])
  })

  test('behavior: reports at the same time are one row, folded in its order', async () => {
    const { database, key, owner, held, seqs } = await createServers()
    const accounts = [3, 1, 2, 4]
    await Promise.all(accounts.map(account => owner.append(lo, vote(account, {}, account))))
    expect(await seqs()).toEqual([0])
    expect((await readChunkVotes(database, key)).map(({ report }) => Number(report.accountId))).toEqual(accounts)
    expect(held.chunk.task(0).votes.map(({ report }) => Number(report.accountId))).toEqual(accounts)
  })

  test('behavior: of two that return one replica at the same time, one counts, and both are told apart', async () => {
    const { owner } = await createServers()
    const [one, other] = await Promise.all([owner.append(lo, vote(1)), owner.append(lo, vote(2, { replica: 0 }))])
    const isCounted = (appended: typeof one) =>
      appended?.kind === 'folded' && appended.folded.every(({ before, after }) => before !== after)
    expect([isCounted(one), isCounted(other)]).toEqual([true, false])
  })

  test('behavior: what comes for another server’s chunk is in the inbox until its owner folds it', async () => {
    const { database, key, owner, other, held, seqs } = await createServers()
    await owner.append(lo, vote(1))
    expect(await other.append(lo, vote(2))).toEqual({ kind: 'sent' })
    expect([other.sent, await inbox(database)]).toMatchObject([[key], 1])
    await owner.results.drain(held)
    expect(held.chunk.task(0).judgement.state).toBe('accepted')
    expect([held.nextSeq, await seqs(), await inbox(database)]).toEqual([2, [0, 1], 0])
    expect((await owner.append(lo, vote(3, { offset: 1 })))?.kind).toBe('folded')
  })

  test('behavior: who has lost a chunk lets go of it, and its new owner gets the votes', async () => {
    const { owner, other, takeOver } = await createServers()
    await owner.append(lo, vote(1))
    await takeOver(other)
    expect(await owner.append(lo, vote(2))).toEqual({ kind: 'sent' })
    expect(owner.held(lo)).toBeUndefined()
    const held = other.held(lo) as HeldChunk
    expect(held.chunk.task(0).votes).toHaveLength(1)
    await other.results.drain(held)
    expect(held.chunk.task(0).judgement.state).toBe('accepted')
  })

  test('behavior: where the log has gone on the chunk is let go, and folded again with all', async () => {
    const { database, key, owner, held, takeOver } = await createServers()
    // Stored, but the answer never came.
    const lost = vote(1)
    await appendLog(database, {
      owner: owner.serverId,
      own: [{ ...key, seq: 0, entries: encodeBlock(lost.report, [lost]) }],
      foreign: [],
    })
    expect(await owner.append(lo, vote(2))).toEqual({ kind: 'sent' })
    expect(owner.held(lo)).toBeUndefined()
    await takeOver(owner)
    expect(owner.held(lo)).not.toBe(held)
    expect(owner.held(lo)?.chunk.task(0).judgement.state).toBe('accepted')
  })

  test('behavior: a sealed chunk takes nothing, whoever asks', async () => {
    const { database, owner, other } = await createServers()
    await database.query('update chunks set sealed_at = now(), owner = null')
    expect(await owner.append(lo, vote(1))).toEqual({ kind: 'closed' })
    expect(await other.append(lo, vote(1))).toEqual({ kind: 'closed' })
    expect(owner.held(lo)).toBeUndefined()
  })

  test('behavior: one chunk that is closed or lost keeps no other from being stored', async () => {
    const { database, key, owner, other, takeOver } = await createServers()
    const second = await createTestChunk(database, key.jobId, owner.serverId)
    await takeOver(owner)
    const third = await createTestChunk(database, key.jobId, other.serverId)
    await database.query('update chunks set sealed_at = now(), owner = null where lo = 0')
    const kinds = await Promise.all([lo, second.lo, third.lo].map(at => owner.append(at, vote(1))))
    expect(kinds.map(appended => appended?.kind)).toEqual(['closed', 'folded', 'sent'])
  })

  test('error: what could not be stored is not folded, and may come again', async () => {
    const { database, owner, held, seqs } = await createServers()
    await database.query('alter table log rename to away')
    await expect(owner.append(lo, vote(1))).rejects.toThrow('"log" does not exist')
    expect([held.nextSeq, held.chunk.task(0).votes]).toEqual([0, []])
    await database.query('alter table away rename to log')
    expect((await owner.append(lo, vote(1)))?.kind).toBe('folded')
    expect(await seqs()).toEqual([0])
  })

  test('error: an inbox that could not be drained stays as it is, and the chunk is folded again', async () => {
    const { database, owner, other, held, takeOver } = await createServers()
    await other.append(lo, vote(2))
    await database.query('alter table log rename to away')
    await expect(owner.results.drain(held)).rejects.toThrow('"log" does not exist')
    await database.query('alter table away rename to log')
    expect([owner.held(lo), await inbox(database)]).toEqual([undefined, 1])
    await takeOver(owner)
    expect(owner.held(lo)?.chunk.task(0).votes).toHaveLength(1)
  })

  test('behavior: whoever takes chunks from whom, nothing acknowledged is lost, and all fold the same', {
    timeout: 120_000,
  }, async () => {
    const step = fc.record({
      act: fc.constantFrom('append', 'append', 'append', 'append', 'take', 'drain', 'renew', 'letGo'),
      server: fc.nat(2),
      votes: fc.array(
        fc.record({ account: fc.integer({ min: 1, max: 9 }), replica: fc.nat(5), offset: fc.nat(3), glide: fc.nat(1) }),
        { minLength: 1, maxLength: 6 },
      ),
    })
    const { database } = await createTestDatabase()
    const row = await createTestJob(database)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async steps => {
        const servers = [0, 1, 2].map(() => createServerParts(database, row)) as [ServerParts, ...ServerParts[]]
        const chunk = await createTestChunk(database, row.id, servers[0].serverId)
        const key = { jobId: row.id, lo: chunk.lo }
        const acknowledged: LoggedVote[] = []
        // Not waited for: chunks change hands while they are under way.
        const appending: Promise<void>[] = []
        for (const { act, server: number, votes } of steps) {
          const server = servers[number] as ServerParts
          if (act === 'append')
            for (const [at, { account, replica, offset, glide }] of votes.entries()) {
              const one = vote(account, { replica, offset }, glide)
              const to = servers[(number + (at % 2)) % 3] as ServerParts
              appending.push(
                to.append(chunk.lo, one).then(appended => {
                  expect(appended?.kind).not.toBe('closed')
                  acknowledged.push(one)
                }),
              )
            }
          const held = server.held(chunk.lo)
          if (act === 'take') await endClaims(database)
          if (act === 'take' || act === 'renew') await server.keeper.renew()
          if (act === 'letGo' && held) server.keeper.letGo(held)
          // Another server may have drained it first.
          if (act === 'drain' && held) await server.results.drain(held).catch(() => {})
        }
        await Promise.all(appending)
        // A chunk that is being drained is locked, and not claimed before the next time.
        await Promise.all(servers.map(({ results }) => results.idle()))
        await endClaims(database)
        const last = createServerParts(database, row)
        await last.keeper.renew()
        const final = last.held(chunk.lo) as HeldChunk
        const log = await readChunkVotes(database, key)
        const isLogged = (one: LoggedVote) =>
          log.some(other => JSON.stringify(wire(other)) === JSON.stringify(wire(one)))
        expect(acknowledged.filter(one => !isLogged(one))).toEqual([])
        const again = new Chunk({
          ...chunk,
          policy: row.policy,
          openLeases: new OpenLeases(),
          isProbeTask: () => false,
        })
        for (const one of log) again.fold(one)
        expect(final.chunk.counts).toEqual(again.counts)
        expect(final.chunk.contributions).toEqual(again.contributions)
        for (const { offset, task } of foldLog(log, row.policy)) {
          expect(final.chunk.task(offset).judgement).toEqual(task.judgement)
          expect(final.chunk.task(offset).standings).toEqual(task.standings)
        }
        await database.query('update chunks set sealed_at = now()')
      }),
      // What happens at the same time does not happen again, and the job's chunks are soon used up: nothing is shrunk.
      { numRuns: 20, endOnFailure: true },
    )
  })
})

/** What tells a vote from another, without its bytes. */
const wire = ({ report, replica, offset, said }: LoggedVote) => [
  String(report.accountId),
  replica,
  offset,
  said.kind === 'output' ? said.digest : said,
]

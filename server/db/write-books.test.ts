import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldChecks as foldChecksAt } from '../domain/credibility.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createTestChunk, createTestJob, emptySummary, openTransaction, waitForBlocked } from '../testing/test-job.ts'
import type { RecentResult } from './recent-result.ts'
import { type Books, type ContributionBook, chunkKey, writeBooks } from './write-books.ts'

const [here, elsewhere] = [randomUUID(), randomUUID()]
const start = Date.UTC(2026, 0, 1, 12)
const hours = (count: number) => new Date(start + count * 3_600_000)
const kernelDigest = Buffer.alloc(32, 7)

async function createBooks() {
  const { database } = await createTestDatabase()
  const { id: jobId } = await createTestJob(database)
  const { lo } = await createTestChunk(database, jobId, here)
  const chunk = { jobId, lo }

  return {
    database,
    chunk,
    contribution: (accountId: bigint, rest: Partial<ContributionBook> = {}): ContributionBook => {
      const counts = { returned: 0, accepted: 0, rejected: 0, unpaid: 0, ...rest }
      return {
        ...chunk,
        accountId,
        kernelDigest,
        microCredits: BigInt(counts.accepted) * 100n,
        earnedAt: hours(0),
        vestsAt: hours(24),
        ...counts,
      }
    },
    write: (books: Partial<Books> & { now?: Date; owner?: string }) => {
      const { now = hours(0), owner = here, ...rest } = books
      return writeBooks(database, {
        books: {
          chunks: [{ ...chunk, accepted: 1, disputed: 0, failed: 0, summary: emptySummary }],
          contributions: [],
          recent: new Map(),
          slowness: new Map(),
          ...rest,
        },
        owner,
        now,
        foldChecks: (record, checks) => foldChecksAt(record, { ...checks, at: now.getTime() }),
      })
    },
    rows: async (statement: string) => (await database.query(statement)).rows,
  }
}

const contributions = `select account_id::integer as account, lo::integer as lo, returned, accepted, rejected, unpaid,
  micro_credits::integer as credit, forfeited::integer as forfeited from contributions order by account_id, lo`
const records =
  'select account_id::integer as account, passed, strikes, failed_at as "failedAt" from records order by account_id'
const activity = `select minute, returned::integer as returned, accepted::integer as accepted, micro_credits::integer as credit
  from activity order by minute`

describe('writeBooks', () => {
  test('default: counts, contributions, records and activity', async () => {
    const { chunk, contribution, write, rows } = await createBooks()
    const written = await write({
      contributions: [contribution(1n, { returned: 3, accepted: 2, unpaid: 1 })],
      chunks: [{ ...chunk, accepted: 2, disputed: 1, failed: 1, summary: { tasks: 2 } }],
    })
    expect([...written]).toEqual([chunkKey(chunk)])
    expect(await rows('select accepted, disputed, failed, summary from chunks')).toEqual([
      { accepted: 2, disputed: 1, failed: 1, summary: { tasks: 2 } },
    ])
    expect(await rows(contributions)).toEqual([
      { account: 1, lo: 0, returned: 3, accepted: 2, rejected: 0, unpaid: 1, credit: 200, forfeited: 0 },
    ])
    expect(await rows(records)).toEqual([{ account: 1, passed: 2, strikes: 0, failedAt: null }])
    expect(await rows(activity)).toEqual([{ minute: hours(0), returned: 3, accepted: 2, credit: 200 }])
  })

  test('behavior: the same again changes nothing, a failure included', async () => {
    const { contribution, write, rows } = await createBooks()
    const books = {
      contributions: [
        contribution(1n, { returned: 3, accepted: 2, rejected: 1 }),
        contribution(2n, { returned: 2, accepted: 2 }),
      ],
      recent: new Map([[1n, [recent(1)]]]),
    }
    const all = () => Promise.all([contributions, records, activity, 'select * from recent_results'].map(rows))
    await write(books)
    const once = await all()
    await write({ ...books, now: hours(1) })
    expect(await all()).toEqual(once)
  })

  test('behavior: what comes later counts by the difference', async () => {
    const { contribution, write, rows } = await createBooks()
    await write({ contributions: [contribution(1n, { returned: 3, accepted: 2 })] })
    await write({ contributions: [contribution(1n, { returned: 5, accepted: 4 })], now: new Date(start + 59_000) })
    await write({ contributions: [contribution(1n, { returned: 6, accepted: 4 })], now: new Date(start + 60_000) })
    expect(await rows(records)).toMatchObject([{ passed: 4, strikes: 0 }])
    expect(await rows(activity)).toEqual([
      { minute: hours(0), returned: 5, accepted: 4, credit: 400 },
      { minute: new Date(start + 60_000), returned: 1, accepted: 0, credit: 0 },
    ])
  })

  test('behavior: an overturned verdict takes credit back, and is one failed check', async () => {
    const { contribution, write, rows } = await createBooks()
    await write({ contributions: [contribution(1n, { returned: 3, accepted: 3 })] })
    await write({ contributions: [contribution(1n, { returned: 3, accepted: 2, rejected: 1 })], now: hours(1) })
    expect(await rows(contributions)).toMatchObject([{ accepted: 2, rejected: 1, credit: 200, forfeited: 200 }])
    expect(await rows(records)).toEqual([{ account: 1, passed: 0, strikes: 1, failedAt: hours(1) }])
    expect(await rows(activity)).toMatchObject([
      { returned: 3, accepted: 3, credit: 300 },
      { returned: 0, accepted: -1, credit: -100 },
    ])
  })

  test('behavior: a failed check forfeits what has not vested, in all chunks and of that account alone', async () => {
    const { database, chunk, contribution, write, rows } = await createBooks()
    const { lo } = await createTestChunk(database, chunk.jobId, here)
    const { lo: last } = await createTestChunk(database, chunk.jobId, here)
    const chunks = [chunk.lo, lo, last].map(at => ({
      ...chunk,
      lo: at,
      accepted: 1,
      disputed: 0,
      failed: 0,
      summary: {},
    }))
    await write({
      chunks,
      contributions: [
        contribution(1n, { accepted: 5, vestsAt: hours(1) }),
        contribution(1n, { accepted: 3, lo, vestsAt: hours(3) }),
        contribution(2n, { accepted: 2, lo, vestsAt: hours(3) }),
      ],
    })
    await write({ chunks, contributions: [contribution(1n, { accepted: 1, rejected: 1, lo: last })], now: hours(2) })
    expect((await rows(contributions)).map(({ account, lo: at, forfeited }) => [account, at, forfeited])).toEqual([
      [1, 0, 0],
      [1, 4, 300],
      [1, 8, 100],
      [2, 4, 0],
    ])
  })

  test('behavior: what is earned after that is kept, and nobody forfeits more than is credited', async () => {
    const { contribution, write, rows } = await createBooks()
    await write({ contributions: [contribution(1n, { accepted: 3, rejected: 1 })] })
    await write({ contributions: [contribution(1n, { accepted: 5, rejected: 1 })] })
    expect(await rows(contributions)).toMatchObject([{ credit: 500, forfeited: 300 }])
    await write({ contributions: [contribution(1n, { accepted: 1, rejected: 1 })] })
    expect(await rows(contributions)).toMatchObject([{ credit: 100, forfeited: 100 }])
  })

  test('behavior: of a chunk that another server holds, or that is sealed, nothing is written', async () => {
    const { chunk, contribution, write, rows } = await createBooks()
    const books = { contributions: [contribution(1n, { returned: 1, accepted: 1 })], owner: elsewhere }
    expect([...(await write(books))]).toEqual([])
    await rows('update chunks set sealed_at = now()')
    expect([...(await write({ ...books, owner: here }))]).toEqual([])
    expect(await rows('select accepted from chunks')).toEqual([{ accepted: 0 }])
    expect([await rows(contributions), await rows(records), await rows(activity)]).toEqual([[], [], []])
    expect(chunk.lo).toBe(0n)
  })

  test('behavior: what one server lost does not keep it from writing the rest', async () => {
    const { database, chunk, contribution, write, rows } = await createBooks()
    const { lo } = await createTestChunk(database, chunk.jobId, elsewhere)
    const counts = { accepted: 1, disputed: 0, failed: 0, summary: {} }
    const written = await write({
      chunks: [
        { ...chunk, ...counts },
        { ...chunk, lo, ...counts },
      ],
      contributions: [contribution(1n, { accepted: 1 }), contribution(1n, { accepted: 1, lo })],
    })
    expect([...written]).toEqual([chunkKey(chunk)])
    expect((await rows(contributions)).map(row => row.lo)).toEqual([0])
    expect(await rows(records)).toMatchObject([{ passed: 1 }])
  })

  test('behavior: who writes while the chunk changes hands waits, and writes nothing', async () => {
    const { database, contribution, write, rows } = await createBooks()
    const takeover = await openTransaction(database, client =>
      client.query('update chunks set owner = $1', [elsewhere]),
    )
    const writing = write({ contributions: [contribution(1n, { accepted: 1 })] })
    await waitForBlocked(database, 1)
    await takeover.commit()
    expect([...(await writing)]).toEqual([])
    expect(await rows(contributions)).toEqual([])
  })

  test('behavior: checks of one account in chunks of two servers are all folded', async () => {
    const { database, chunk, contribution, write, rows } = await createBooks()
    const { lo } = await createTestChunk(database, chunk.jobId, elsewhere)
    const counts = { accepted: 1, disputed: 0, failed: 0, summary: {} }
    await Promise.all([
      write({ contributions: [contribution(1n, { accepted: 12 })] }),
      write({
        owner: elsewhere,
        chunks: [{ ...chunk, lo, ...counts }],
        contributions: [contribution(1n, { accepted: 9, lo })],
      }),
    ])
    expect(await rows(records)).toMatchObject([{ passed: 21, strikes: 0 }])
  })

  test('behavior: of accounts’ latest results the newest fifty stay, newest first, each once and as last told', async () => {
    const { write, rows } = await createBooks()
    const entries = async () => (await rows('select entries from recent_results'))[0]?.entries as RecentResult[]
    await write({ recent: new Map([[1n, [recent(1), recent(2)]]]) })
    expect((await entries()).map(({ index }) => index)).toEqual(['2', '1'])
    await write({ recent: new Map([[1n, [{ ...recent(1), state: 'accepted', judgedAt: 500 }, recent(3)]]]) })
    await write({ recent: new Map([[1n, [{ ...recent(1), state: 'rejected', judgedAt: 500 }]]]) })
    expect((await entries()).map(({ index, state }) => `${index} ${state}`)).toEqual([
      '3 returned',
      '2 returned',
      '1 rejected',
    ])
    await write({ recent: new Map([[1n, Array.from({ length: 49 }, (_, at) => recent(at + 10))]]) })
    expect((await entries()).map(({ index }) => Number(index))).toEqual([
      ...Array.from({ length: 49 }, (_, at) => 58 - at),
      3,
    ])
  })

  test('behavior: how fast devices are', async () => {
    const { write, rows } = await createBooks()
    await rows(`insert into accounts (created_at) values (now())`)
    await rows(
      `insert into devices (account_id, public_key, network, created_at, seen_at) values (1, 'x', 0, now(), now())`,
    )
    await write({
      chunks: [],
      slowness: new Map([
        [1n, 2.5],
        [99n, 1],
      ]),
    })
    expect(await rows('select slowness from devices')).toEqual([{ slowness: 2.5 }])
  })

  test('behavior: in however many steps books are written, they say the same in the end', async () => {
    const { chunk, contribution, write, rows } = await createBooks()
    const grown = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 6 })
    const isWritten = fc.array(fc.boolean(), { minLength: 6, maxLength: 6 })
    let account = 0n
    await fc.assert(
      fc.asyncProperty(grown, isWritten, async (steps, written) => {
        account++
        let [returned, accepted] = [0, 0]
        for (const [at, [more, moreAccepted]] of steps.entries()) {
          returned += more + moreAccepted
          accepted += moreAccepted
          if (written[at] || at === steps.length - 1)
            await write({ contributions: [contribution(account, { returned, accepted })] })
        }
        expect(await rows(`select * from (${contributions}) c where account = ${account}`)).toEqual([
          {
            account: Number(account),
            lo: Number(chunk.lo),
            returned,
            accepted,
            rejected: 0,
            unpaid: 0,
            credit: accepted * 100,
            forfeited: 0,
          },
        ])
        const passed = await rows(`select passed from records where account_id = ${account}`)
        expect(passed).toEqual(accepted === 0 ? [] : [{ passed: accepted }])
      }),
      { numRuns: 25 },
    )
    const sums = await rows(
      'select sum(returned)::integer as returned, sum(accepted)::integer as accepted from contributions',
    )
    expect(await rows(activity)).toMatchObject(sums)
  })
})

function recent(index: number): RecentResult {
  return { jobId: '1', index: `${index}`, returnedAt: 1000 + index, elapsedMs: 5, state: 'returned', microCredits: 0 }
}

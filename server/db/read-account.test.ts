import { describe, expect, test } from 'vitest'
import { insertJobs } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { returnedAt } from '../testing/votes.ts'
import type { Database } from './database.ts'
import { readAccountTotals, readCreditHistory, readOwnResults, readRecords } from './read-account.ts'
import type { RecentResult } from './recent-result.ts'

const hourMs = 3_600_000

async function anAccount(): Promise<Database> {
  const { database } = await createTestDatabase()
  await database.query('insert into accounts (created_at) values (now()), (now())')
  await insertJobs(database, {}, { kernelId: 'climate-ebm', kernelDigest: Buffer.alloc(32, 2) })
  return database
}

/** @param hours after which it was earned; it vests a day later */
const contribute = (
  database: Database,
  { account = 1, lo = 0, accepted = 0, waiting = 0, rejected = 0, unpaid = 0, forfeited = 0, hours = 0 },
) =>
  database.query(
    `insert into contributions (account_id, job_id, lo, returned, accepted, rejected, unpaid, micro_credits, forfeited,
       earned_at, vests_at)
     values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $9::timestamptz + interval '1 day')`,
    [
      account,
      lo,
      accepted + waiting + rejected + unpaid,
      accepted,
      rejected,
      unpaid,
      accepted * 1000,
      forfeited,
      new Date(returnedAt + hours * hourMs),
    ],
  )

describe('readAccountTotals', () => {
  test('default: sums what the account did in all chunks', async () => {
    const database = await anAccount()
    await contribute(database, { lo: 0, accepted: 5, rejected: 1, waiting: 2, forfeited: 500 })
    await contribute(database, { lo: 4, accepted: 3, unpaid: 4, hours: 2 })
    await contribute(database, { account: 2, accepted: 100 })
    const totals = await readAccountTotals(database, 1n, new Date(returnedAt + 25 * hourMs))
    expect(totals).toMatchObject({
      returned: 15n,
      accepted: 8n,
      rejected: 1n,
      waiting: 2n,
      microCredits: 7500n,
      unvestedMicroCredits: 3000n,
      forfeitedMicroCredits: 500n,
    })
  })

  test('behavior: an account that did nothing', async () => {
    const totals = await readAccountTotals(await anAccount(), 2n, new Date(returnedAt))
    expect(totals).toMatchObject({ devices: 0, returned: 0n, waiting: 0n, microCredits: 0n, unvestedMicroCredits: 0n })
  })

  test('error: no such account', async () => {
    expect(await readAccountTotals(await anAccount(), 3n, new Date(returnedAt))).toBeUndefined()
  })
})

describe('readCreditHistory', () => {
  test('default: grows by what was earned and kept, in the order of time', async () => {
    const database = await anAccount()
    await contribute(database, { lo: 8, accepted: 1, hours: 3 })
    await contribute(database, { lo: 0, accepted: 2, hours: 1 })
    await contribute(database, { lo: 4, accepted: 4, forfeited: 4000, hours: 2 })
    const history = await readCreditHistory(database, 1n, 240)
    expect(history).toEqual([
      { at: new Date(returnedAt + hourMs), microCredits: 2000n },
      { at: new Date(returnedAt + 3 * hourMs), microCredits: 3000n },
    ])
  })

  test('behavior: no more points than asked for, the last one with all of it', async () => {
    const database = await anAccount()
    for (let lo = 0; lo < 10; lo++) await contribute(database, { lo: 4 * lo, accepted: 1, hours: lo })
    const history = await readCreditHistory(database, 1n, 3)
    expect(history.map(({ microCredits }) => microCredits)).toEqual([4000n, 7000n, 10_000n])
  })
})

describe('readOwnResults', () => {
  const entry = (index: string, more: Partial<RecentResult> = {}): RecentResult => ({
    jobId: '2',
    index,
    returnedAt: returnedAt + Number(index),
    elapsedMs: 7,
    state: 'returned',
    microCredits: 0,
    ...more,
  })
  const store = (database: Database, entries: unknown) =>
    database.query('insert into recent_results (account_id, entries) values (1, $1)', [JSON.stringify(entries)])

  test('default: newest first, with the kernel of their job', async () => {
    const database = await anAccount()
    const accepted = entry('3', { jobId: '1', state: 'accepted', judgedAt: returnedAt, microCredits: 1000, others: 1 })
    await store(database, [entry('1'), accepted, entry('2')])
    expect(await readOwnResults(database, 1n, 50)).toEqual([
      { ...accepted, kernelId: 'collatz-records' },
      { ...entry('2'), kernelId: 'climate-ebm' },
      { ...entry('1'), kernelId: 'climate-ebm' },
    ])
    expect(await readOwnResults(database, 1n, 1)).toHaveLength(1)
  })

  test('behavior: an account that returned nothing', async () => {
    expect(await readOwnResults(await anAccount(), 1n, 50)).toEqual([])
  })

  test('error: entries that are none', async () => {
    const database = await anAccount()
    await store(database, [{ ...entry('1'), state: 'lost' }])
    await expect(readOwnResults(database, 1n, 50)).rejects.toThrow('state')
  })
})

describe('readRecords', () => {
  test('default: for each kernel what its checks said, but for kernels of no job', async () => {
    const database = await anAccount()
    for (const [byte, passed, strikes, failedAt] of [
      [2, 60, 0, undefined],
      [1, 3, 1, new Date(returnedAt)],
      [9, 5, 0, undefined],
    ] as const)
      await database.query('insert into records values (1, $1, $2, $3, $4)', [
        Buffer.alloc(32, byte),
        passed,
        strikes,
        failedAt,
      ])
    expect(await readRecords(database, 1n)).toEqual([
      { kernelId: 'climate-ebm', kernelDigest: Buffer.alloc(32, 2), passed: 60, strikes: 0, failedAt: undefined },
      { kernelId: 'collatz-records', kernelDigest: Buffer.alloc(32, 1), passed: 3, strikes: 1, failedAt: returnedAt },
    ])
    expect(await readRecords(database, 2n)).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { Database } from './db/database.ts'
import { createKnownDevices } from './known-devices.ts'
import { createTestDatabase } from './testing/create-database.ts'
import { openTransaction, waitForBlocked } from './testing/test-job.ts'

const kernel = '07'
const fresh = { passed: 0, strikes: 0, failedAt: undefined }

/** Two devices of account 1, one of account 2; account 1 has passed twelve checks. */
async function createDevices() {
  const { database } = await createTestDatabase()
  await database.query('insert into accounts (created_at) values (now()), (now())')
  await database.query(
    `insert into devices (account_id, public_key, network, slowness, created_at, seen_at)
     values (1, 'a', 0, 2.5, now(), now()), (1, 'b', 0, null, now(), now()), (2, 'c', 0, null, now(), now())`,
  )
  await setPassed(database, 12)
  const clock = { now: 1_000_000 }
  return { database, clock, known: createKnownDevices({ database, now: () => clock.now }) }
}

const setPassed = (database: Database, passed: number) =>
  database.query(
    `insert into records (account_id, kernel_digest, passed, strikes) values (1, '\\x07', $1, 0)
     on conflict (account_id, kernel_digest) do update set passed = excluded.passed`,
    [passed],
  )

describe('createKnownDevices', () => {
  test('default: what the database knows, at once where it was read lately', async () => {
    const { known } = await createDevices()
    const first = known.find(1n, 1n)
    expect(first).toBeInstanceOf(Promise)
    expect(await first).toMatchObject({
      accountId: 1n,
      slowness: 2.5,
      records: new Map([[kernel, { ...fresh, passed: 12 }]]),
    })
    expect(known.find(1n, 1n)).toBe(await first)
  })

  test('behavior: after half a minute it is read again, and keeps what only this server knows', async () => {
    const { database, clock, known } = await createDevices()
    const before = await known.find(1n, 1n)
    before.latestJob = 5n
    known.noteTime(1n, { credit: 1, elapsedMs: 10_000 })
    await setPassed(database, 30)
    clock.now += 29_999
    expect(known.find(1n, 1n)).toBe(before)
    clock.now += 1
    const after = await known.find(1n, 1n)
    expect(after).toMatchObject({ latestJob: 5n, slowness: before.slowness })
    expect(after.records.get(kernel)?.passed).toBe(30)
  })

  test('behavior: a check is said of all devices of its account, and of no other', async () => {
    const { known } = await createDevices()
    const [one, other, stranger] = await Promise.all([known.find(1n, 1n), known.find(2n, 1n), known.find(3n, 2n)])
    known.noteCheck(1n, kernel, { kind: 'passed', at: 1 })
    known.noteCheck(1n, 'ff', { kind: 'failed', at: 2 })
    for (const { records } of [one, other]) {
      expect(records.get(kernel)?.passed).toBe(13)
      expect(records.get('ff')).toEqual({ passed: 0, strikes: 1, failedAt: 2 })
    }
    expect(stranger.records.size).toBe(0)
  })

  test('behavior: a failure that is not written down yet is not forgotten when the books are read', async () => {
    const { clock, known } = await createDevices()
    await known.find(1n, 1n)
    known.noteCheck(1n, kernel, { kind: 'failed', at: clock.now })
    clock.now += 60_000
    expect((await known.find(1n, 1n)).records.get(kernel)).toMatchObject({ passed: 0, strikes: 1 })
    expect((await known.find(2n, 1n)).records.get(kernel)).toMatchObject({ passed: 0, strikes: 1 })
  })

  test('behavior: nor is one that is noted while they are read', async () => {
    const { database, clock, known } = await createDevices()
    await known.find(1n, 1n)
    clock.now += 60_000
    const busy = await openTransaction(database, client => client.query('lock table records in access exclusive mode'))
    const reading = known.find(1n, 1n)
    await waitForBlocked(database, 1)
    known.noteCheck(1n, kernel, { kind: 'failed', at: clock.now })
    await busy.commit()
    expect((await reading).records.get(kernel)).toMatchObject({ passed: 0, strikes: 1 })
  })

  test('behavior: a failure that the books know of counts as they say', async () => {
    const { database, clock, known } = await createDevices()
    await known.find(1n, 1n)
    known.noteCheck(1n, kernel, { kind: 'failed', at: clock.now })
    await database.query('update records set passed = 3, strikes = 7, failed_at = $1', [new Date(clock.now + 500)])
    clock.now += 60_000
    expect((await known.find(1n, 1n)).records.get(kernel)).toEqual({ passed: 3, strikes: 7, failedAt: 1_000_500 })
  })

  test('behavior: speeds are handed over once', async () => {
    const { known } = await createDevices()
    await known.find(2n, 1n)
    known.noteTime(2n, { credit: 1, elapsedMs: 3000 })
    known.noteTime(99n, { credit: 1, elapsedMs: 3000 })
    expect(known.takeMeasured()).toEqual(new Map([[2n, 3]]))
    expect(known.takeMeasured().size).toBe(0)
  })
})

import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../testing/create-database.ts'
import { readStanding } from './read-standing.ts'

describe('readStanding', () => {
  test('default: of a device how fast it is, of its account what its checks said', async () => {
    const { database } = await createTestDatabase()
    await database.query('insert into accounts (created_at) values (now()), (now())')
    await database.query(
      `insert into devices (account_id, public_key, network, slowness, created_at, seen_at)
       values (1, 'a', 0, 2.5, now(), now()), (1, 'b', 0, null, now(), now()), (2, 'c', 0, null, now(), now())`,
    )
    const failedAt = new Date(5000)
    await database.query(
      `insert into records (account_id, kernel_digest, passed, strikes, failed_at)
       values (1, '\\x07', 12, 0, null), (1, '\\x08', 0, 2, $1)`,
      [failedAt],
    )
    const records = new Map([
      ['07', { passed: 12, strikes: 0, failedAt: undefined }],
      ['08', { passed: 0, strikes: 2, failedAt: 5000 }],
    ])
    expect(await readStanding(database, [1n, 2n, 3n, 99n])).toEqual(
      new Map([
        [1n, { deviceId: 1n, slowness: 2.5, records }],
        [2n, { deviceId: 2n, slowness: undefined, records }],
        [3n, { deviceId: 3n, slowness: undefined, records: new Map() }],
      ]),
    )
    expect(await readStanding(database, [])).toEqual(new Map())
  })
})

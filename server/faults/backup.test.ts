import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Database, openDatabase } from '../db/database.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { everyTaskComesAgain } from '../testing/every-task-comes-again.ts'
import { type Acknowledged, invariantsHold } from '../testing/invariants.ts'
import { createOwnPostgres, startOn } from '../testing/own-postgres.ts'
import { seedSmallJobs } from '../testing/small-jobs.ts'
import { type SpawnedServer, spawnServer } from '../testing/spawn-server.ts'
import { acknowledgedTo, finishAll, startVolunteers, waitForMore } from '../testing/volunteers.ts'

const run = promisify(execFile)
const script = new URL('../../scripts/back-up.ts', import.meta.url).pathname

const backUp = (dataFolder: string, target: string) =>
  run(process.execPath, [script, target], { env: { ...process.env, TIDEMILL_DATA: dataFolder } })

async function spawnOn(dataFolder: string, databaseUrl = ''): Promise<SpawnedServer> {
  const environment = { TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off', DATABASE_URL: databaseUrl }
  const server = await spawnServer(environment)
  onTestFinished(() => server.end('SIGTERM'))
  return server
}

/** Nothing is missing that had been acknowledged before the backup began. */
async function expectStored(database: Database, acknowledged: Acknowledged): Promise<void> {
  for (const [accountId, results] of acknowledged) {
    const { rows } = await database.query<{ returned: bigint }>(
      'select sum(returned) as returned from contributions where account_id = $1',
      [accountId],
    )
    expect(Number(rows[0]?.returned)).toBeGreaterThanOrEqual(results)
  }
}

/** A server on what was restored has everything, and its work goes on. */
async function expectGoesOn(database: Database, server: SpawnedServer, before: Acknowledged): Promise<void> {
  const volunteers = await startVolunteers(server.url, 2)
  await waitForMore(volunteers, 50)
  await invariantsHold(database, await finishAll(volunteers))
  await expectStored(database, before)
  await everyTaskComesAgain(database, server.url)
  expect(server.faults()).toEqual([])
}

/** Copies all rows as `pg_dump` and `pg_restore` do: as one snapshot has them, while others write. */
async function copySnapshot(from: Database, to: Database): Promise<void> {
  const tables = await from.transaction(async client => {
    await client.query('set transaction isolation level repeatable read read only')
    const { rows: names } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'`,
    )
    const contents: { name: string; rows: string }[] = []
    for (const { name } of names) {
      const { rows } = await client.query<{ rows: string }>(
        `select coalesce(json_agg(t), '[]')::text as rows from public.${name} t`,
      )
      contents.push({ name, rows: rows[0]?.rows ?? '[]' })
    }
    return contents
  })
  await to.transaction(async client => {
    await client.query(`set local session_replication_role = 'replica'`)
    for (const { name, rows } of tables) {
      await client.query(`delete from public.${name}`)
      await client.query(
        `insert into public.${name} overriding system value select * from json_populate_recordset(null::public.${name}, $1)`,
        [rows],
      )
    }
    await client.query(
      `select setval(pg_get_serial_sequence('public.' || t, 'id'), 1000000)
       from unnest(array['accounts', 'devices', 'jobs', 'inbox']) t`,
    )
  })
}

describe('a backup that is made while volunteers work', () => {
  test('default: a copy of the data folder has all that was acknowledged, and work goes on from it', {
    timeout: 120_000,
  }, async () => {
    const { dataFolder } = await createOwnPostgres()
    const server = await spawnOn(dataFolder)
    const volunteers = await startVolunteers(server.url, 4)
    await waitForMore(volunteers, 100)
    const before = acknowledgedTo(volunteers)
    const target = `${dataFolder}-backup`
    onTestFinished(() => rm(target, { recursive: true, force: true }))
    const { stdout } = await backUp(dataFolder, target)
    expect(stdout).toContain(target)
    // The original goes on as if nothing had been.
    await waitForMore(volunteers, 50)
    await finishAll(volunteers)
    await server.end('SIGTERM')

    const restored = await spawnOn(target)
    const { url } = await startOn(target)
    const database = openDatabase(url)
    onTestFinished(() => database.close())
    await expectGoesOn(database, restored, before)
  })

  test('behavior: a dump of one snapshot is enough, with the programs beside it', { timeout: 120_000 }, async () => {
    const [original, copy] = [await createTestDatabase(), await createTestDatabase()]
    const dataFolder = await createDataFolder()
    await seedSmallJobs(original.database, dataFolder, { chunkSize: 256 })
    const server = await spawnOn(dataFolder, original.url)
    const volunteers = await startVolunteers(server.url, 4)
    await waitForMore(volunteers, 100)
    const before = acknowledgedTo(volunteers)
    await copySnapshot(original.database, copy.database)
    await finishAll(volunteers)
    await server.end('SIGTERM')
    await expectGoesOn(copy.database, await spawnOn(dataFolder, copy.url), before)
  })

  test('error: where no server works, or the folder is there, it says so', async () => {
    const dataFolder = await createDataFolder()
    await expect(backUp(dataFolder, join(dataFolder, 'backup'))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No embedded PostgreSQL runs'),
    })
    const own = await createOwnPostgres()
    await own.start()
    await expect(backUp(own.dataFolder, dataFolder)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not there yet'),
    })
  })
})

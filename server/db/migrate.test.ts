import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTestDatabase } from '../testing/create-database.ts'
import { type Database, openDatabase } from './database.ts'
import { MigrationMismatchError, migrate } from './migrate.ts'

/** A folder of migrations that the test writes, and an empty database that knows none of them. */
async function createMigrations(files: Record<string, string>) {
  const path = await mkdtemp(join(tmpdir(), 'tidemill-migrations-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  const write = async (more: Record<string, string>) => {
    for (const [name, sql] of Object.entries(more)) await writeFile(join(path, name), sql)
  }
  await write(files)
  const { url, database } = await createTestDatabase()
  await database.query('drop schema public cascade')
  await database.query('create schema public')
  return { url, database, write, remove: (name: string) => rm(join(path, name)), folder: pathToFileURL(`${path}/`) }
}

const columnsOf = async (database: Database, table: string): Promise<string[]> => {
  const { rows } = await database.query<{ name: string }>(
    'select column_name::text as name from information_schema.columns where table_name = $1 order by ordinal_position',
    [table],
  )
  return rows.map(({ name }) => name)
}

const first = { '000001.sql': 'create table notes (id integer primary key)' }
const second = { '000002.sql': 'alter table notes add column body text' }

describe('migrate', () => {
  test('default: each file once, in order, also those that come later', async () => {
    const { database, folder, write } = await createMigrations(first)
    await migrate(database, { folder })
    await write(second)
    await migrate(database, { folder })
    await migrate(database, { folder })
    expect(await columnsOf(database, 'notes')).toEqual(['id', 'body'])
  })

  test('behavior: of servers that start together one does it', async () => {
    const { url, database, folder } = await createMigrations({
      '000001.sql': 'create table notes (id integer generated always as identity)',
      '000002.sql': 'insert into notes default values',
    })
    const others = [openDatabase(url), openDatabase(url), openDatabase(url)]
    onTestFinished(async () => void (await Promise.all(others.map(other => other.close()))))
    await Promise.all([database, ...others].map(server => migrate(server, { folder })))
    expect((await database.query('select id from notes')).rows).toEqual([{ id: 1 }])
  })

  test('behavior: a file that fails leaves nothing behind, and those before it stay', async () => {
    const broken = { '000002.sql': 'alter table notes add column body text; select 1 / 0' }
    const { database, folder, write } = await createMigrations({ ...first, ...broken })
    await expect(migrate(database, { folder })).rejects.toThrow('division by zero')
    expect(await columnsOf(database, 'notes')).toEqual(['id'])
    await write(second)
    await migrate(database, { folder })
    expect(await columnsOf(database, 'notes')).toEqual(['id', 'body'])
  })

  test('behavior: a migration that waits for its lock lets others through, and lands when the lock is free', async () => {
    const { url, database, folder, write } = await createMigrations(first)
    await migrate(database, { folder })
    await write(second)
    const held = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const longOne = database.transaction(async client => {
      await client.query('select count(*) from notes')
      held.resolve()
      await release.promise
    })
    await held.promise
    const server = openDatabase(url)
    onTestFinished(() => server.close())
    const onWaiting = vi.fn()
    const migrated = migrate(server, { folder, onWaiting })
    for (let id = 1; id <= 2; id++) {
      // Only when the migration stands in the queue for the table does the statement have something to wait behind.
      await vi.waitFor(async () => {
        const { rows } = await database.query(
          `select from pg_locks where relation = 'notes'::regclass and mode = 'AccessExclusiveLock' and not granted`,
        )
        expect(rows).toHaveLength(1)
      }, 10_000)
      await database.query('insert into notes (id) values ($1)', [id])
      await vi.waitFor(() => expect(onWaiting).toHaveBeenCalledWith('000002.sql'))
    }
    expect(await columnsOf(database, 'notes')).toEqual(['id'])
    release.resolve()
    await longOne
    await migrated
    expect(await columnsOf(database, 'notes')).toEqual(['id', 'body'])
    expect((await database.query('select count(*)::int as count from notes')).rows).toEqual([{ count: 2 }])
  })

  test('error: a file that was changed after it was applied', async () => {
    const { database, folder, write } = await createMigrations(first)
    await migrate(database, { folder })
    await write({ '000001.sql': 'create table notes (id bigint primary key)', ...second })
    await expect(migrate(database, { folder })).rejects.toThrow(MigrationMismatchError)
    await expect(migrate(database, { folder })).rejects.toThrow(/another 000001\.sql/)
    expect(await columnsOf(database, 'notes')).toEqual(['id'])
  })

  test('error: a database that a newer version has migrated', async () => {
    const { database, folder, remove } = await createMigrations({ ...first, ...second })
    await migrate(database, { folder })
    await remove('000002.sql')
    await expect(migrate(database, { folder })).rejects.toThrow(/000002\.sql, which this version does not know/)
  })

  test('error: a database from before digests were kept', async () => {
    const { database, folder } = await createMigrations(first)
    await database.query('create table migrations (name text primary key, applied_at timestamptz not null)')
    await database.query(`insert into migrations values ('000001.sql', now())`)
    await expect(migrate(database, { folder })).rejects.toThrow(MigrationMismatchError)
  })
})

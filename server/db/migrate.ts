import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { TidemillError } from '../../protocol/errors.ts'
import type { Database, Queryable } from './database.ts'

const ourFolder = new URL('../migrations/', import.meta.url)

/** Any number that no other program that shares the database is likely to lock. */
const migrationLock = 7_143_640_021n

/** How often a server asks whether another one has migrated. Waiting inside PostgreSQL would hold a snapshot. */
const askEveryMs = 200
/** So long do those wait who come after a migration that waits for its lock; then they go first. */
const lockTimeoutMs = 1000
const breatheMs = 500

/** The database was migrated by other files than those of this version. */
export class MigrationMismatchError extends TidemillError {
  override readonly name = 'MigrationMismatchError'
}

interface Migration {
  readonly name: string
  readonly sql: string
  readonly digest: Buffer
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async name => {
      const sql = await readFile(new URL(name, folder), 'utf8')
      return { name, sql, digest: createHash('sha256').update(sql).digest() }
    }),
  )
}

/**
 * Brings the schema up to date, while other servers work on it. One server does it, the others wait.
 *
 * Each file is one transaction. Where it waits for a lock, others wait behind it, but for a second at most: then it
 * gives way and tries again. What it does once it has its locks takes as long as it takes, so a migration of a table in
 * use takes one strong lock, does something quick under it, and nothing else.
 *
 * @throws {MigrationMismatchError} where a file has been changed since it was applied, or an applied one is missing
 */
export async function migrate(
  database: Database,
  { folder = ourFolder, onWaiting = () => {} }: { folder?: URL; onWaiting?: (name: string) => void } = {},
): Promise<void> {
  const migrations = await readMigrations(folder)
  await database.session(async client => {
    while (!(await tryLock(client))) await delay(askEveryMs)
    // The lock ends with the session.
    for (const migration of await findPending(client, migrations))
      while (!(await tryApply(client, migration))) {
        onWaiting(migration.name)
        await delay(breatheMs)
      }
  })
}

async function tryLock(client: Queryable): Promise<boolean> {
  const { rows } = await client.query<{ isOurs: boolean }>('select pg_try_advisory_lock($1) as "isOurs"', [
    migrationLock,
  ])
  return rows[0]?.isOurs ?? false
}

/** Compares what has been applied with the files. @returns the files that have not been applied */
async function findPending(client: Queryable, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(
    'create table if not exists migrations (name text primary key, digest bytea, applied_at timestamptz not null)',
  )
  // The first databases had none.
  await client.query('alter table migrations add column if not exists digest bytea')
  const { rows } = await client.query<{ name: string; digest: Buffer | null }>('select name, digest from migrations')
  const applied = new Map(rows.map(({ name, digest }) => [name, digest]))
  for (const { name, digest } of migrations) {
    const found = applied.get(name)
    if (found !== undefined && !found?.equals(digest))
      throw new MigrationMismatchError(
        `The database was migrated with another ${name} than this version has. Start the version that it belongs to, or restore the file; a migration that has been applied never changes.`,
      )
    applied.delete(name)
  }
  const [unknown] = applied.keys()
  if (unknown !== undefined)
    throw new MigrationMismatchError(
      `The database has had the migration ${unknown}, which this version does not know. It belongs to a newer version; start that one.`,
    )
  const known = new Set(rows.map(({ name }) => name))
  return migrations.filter(({ name }) => !known.has(name))
}

/** @returns false where a lock was not to be had, and nothing has changed */
async function tryApply(client: Queryable, { name, sql, digest }: Migration): Promise<boolean> {
  await client.query('begin')
  try {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`)
    await client.query(sql)
    await client.query('insert into migrations (name, digest, applied_at) values ($1, $2, now())', [name, digest])
    await client.query('commit')
    return true
  } catch (error) {
    await client.query('rollback')
    // lock_not_available, deadlock_detected
    if (['55P03', '40P01'].includes((error as { code?: string }).code ?? '')) return false
    throw error
  }
}

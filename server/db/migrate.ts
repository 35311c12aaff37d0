import { readdir, readFile } from 'node:fs/promises'
import type { Database } from './database.ts'

const folder = new URL('../migrations/', import.meta.url)

/** Any number that no other program that shares the database is likely to lock. */
const migrationLock = 7_143_640_021n

/** Brings the schema up to date. Safe to run by several servers at once: one does it, the others wait. */
export async function migrate(database: Database): Promise<void> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  await database.transaction(async client => {
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null)')
    const { rows } = await client.query<{ name: string }>('select name from migrations')
    const applied = new Set(rows.map(({ name }) => name))
    for (const name of files.filter(file => !applied.has(file))) {
      await client.query(await readFile(new URL(name, folder), 'utf8'))
      await client.query('insert into migrations (name, applied_at) values ($1, now())', [name])
    }
  })
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'

/** An empty, migrated database of its own for the running test. @returns its URL and a pool on it */
export async function createTestDatabase(): Promise<{ url: string; database: Database }> {
  const url = new URL(inject('postgresUrl'))
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: url.href })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  url.pathname = `/${name}`
  const database = openDatabase(url.href)
  onTestFinished(() => database.close())
  await migrate(database)
  return { url: url.href, database }
}

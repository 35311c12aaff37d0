import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openDatabase } from '../db/database.ts'
import { migrate } from '../db/migrate.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres.ts'
import { createLogger } from '../logger.ts'
import { createDataFolder } from './data-folder.ts'
import { seedSmallJobs } from './small-jobs.ts'

/** A PostgreSQL of the test's own, which it may stop, stall and kill. */
export interface OwnPostgres {
  readonly dataFolder: string
  /** Starts it, or takes over the one that runs. */
  start(): Promise<EmbeddedPostgres>
}

/** Its database has small jobs; it does not run yet. */
export async function createOwnPostgres(): Promise<OwnPostgres> {
  const dataFolder = await createDataFolder()
  const start = () => startOn(dataFolder)
  const postgres = await start()
  const database = openDatabase(postgres.url)
  await migrate(database)
  await seedSmallJobs(database, dataFolder, { chunkSize: 256 })
  await database.close()
  await postgres.stop()
  return { dataFolder, start }
}

/** Starts the PostgreSQL of a data folder; it ends with the test. */
export async function startOn(dataFolder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres(
    dataFolder,
    createLogger(() => {}),
  )
  onTestFinished(() => postgres.stop())
  return postgres
}

/** The process that all others of a PostgreSQL come from. */
export async function postmasterOf(dataFolder: string): Promise<number> {
  const [pid] = (await readFile(join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
  return Number(pid)
}

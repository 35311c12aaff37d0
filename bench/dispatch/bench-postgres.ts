import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from '../../protocol/once.ts'
import { startEmbeddedPostgres } from '../../server/embedded-postgres.ts'
import { createLogger } from '../../server/logger.ts'

/** Where a bench runs: a PostgreSQL of its own in a folder of its own, with the settings that a server gives it. */
export interface BenchPostgres {
  readonly url: string
  readonly pid: number
  /** Of the servers too. */
  readonly dataFolder: string
  stop(): Promise<void>
}

export async function startBenchPostgres(): Promise<BenchPostgres> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tidemill-bench-'))
  const postgres = await startEmbeddedPostgres(dataFolder, createLogger(console.error))
  const lockFile = await readFile(join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8')
  const stop = once(async () => {
    await postgres.stop()
    await rm(dataFolder, { recursive: true, force: true })
  })
  // PostgreSQL is a daemon: without this it would outlive a bench that is broken off.
  const breakOff = () => void stop().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, breakOff)
  return { url: postgres.url, pid: Number(lockFile.split('\n')[0]), dataFolder, stop }
}

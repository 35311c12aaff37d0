import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Database } from '../db/database.ts'
import { type HttpLimits, httpLimits } from '../http/http-server.ts'
import { createLogger } from '../logger.ts'
import { startServer } from '../server.ts'
import { createTestDatabase } from './create-database.ts'
import { seedSmallJobs } from './small-jobs.ts'

export interface TestServer {
  readonly url: string
  readonly database: Database
  readonly databaseUrl: string
  /** What the server logged, a line of JSON each. */
  readonly logged: string[]
  stop(): Promise<void>
}

/** A real server on a database of its own; it ends with the test. */
export async function startTestServer(
  options: { databaseUrl?: string; housePublicKey?: string; smallJobs?: boolean; isLocal?: boolean; http?: Partial<HttpLimits> } = {},
): Promise<TestServer> {
  const { url: databaseUrl, database } = await createTestDatabase()
  const dataFolder = await mkdtemp(join(tmpdir(), 'tidemill-test-'))
  if (options.smallJobs) await seedSmallJobs(database, dataFolder)
  const logged: string[] = []
  const server = await startServer({
    databaseUrl: options.databaseUrl ?? databaseUrl,
    dataFolder,
    host: '127.0.0.1',
    port: 0,
    housePublicKey: options.housePublicKey,
    isLocal: options.isLocal ?? true,
    http: { ...httpLimits, ...options.http },
    log: createLogger(line => logged.push(line)),
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= server.stop()
    return stopped
  }
  onTestFinished(async () => {
    await stop()
    await rm(dataFolder, { recursive: true, force: true })
  })
  return { url: server.url, database, databaseUrl, logged, stop }
}

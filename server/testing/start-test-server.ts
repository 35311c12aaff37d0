import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Database } from '../db/database.ts'
import { type HttpLimits, httpLimits } from '../http/http-server.ts'
import { createLogger, type LogLevel } from '../logger.ts'
import { type ServerOptions, startServer } from '../server.ts'
import { createTestDatabase } from './create-database.ts'
import { seedSmallJobs } from './small-jobs.ts'

export interface TestServer {
  readonly url: string
  readonly metricsUrl: string | undefined
  readonly dataFolder: string
  readonly database: Database
  readonly databaseUrl: string
  /** What the server logged, a line of JSON each. */
  readonly logged: string[]
  stop(): Promise<void>
}

/** A real server on a database of its own; it ends with the test. */
export async function startTestServer(
  options: Partial<
    Pick<
      ServerOptions,
      | 'databaseUrl'
      | 'dataFolder'
      | 'housePublicKey'
      | 'isLocal'
      | 'trustedProxies'
      | 'blobPlace'
      | 'blobQuotas'
      | 'sponsoredJobs'
      | 'metrics'
      | 'signupWorkBits'
      | 'trialCapMs'
      | 'now'
    >
  > & {
    smallJobs?: boolean | { chunkSize: number }
    http?: Partial<HttpLimits>
    logLevel?: LogLevel
  } = {},
): Promise<TestServer> {
  const { url: databaseUrl, database } = await createTestDatabase()
  const dataFolder = options.dataFolder ?? (await mkdtemp(join(tmpdir(), 'tidemill-test-')))
  if (options.smallJobs) await seedSmallJobs(database, dataFolder, options.smallJobs === true ? {} : options.smallJobs)
  const logged: string[] = []
  const server = await startServer({
    ...options,
    databaseUrl: options.databaseUrl ?? databaseUrl,
    dataFolder,
    host: '127.0.0.1',
    port: 0,
    housePublicKey: options.housePublicKey,
    isLocal: options.isLocal ?? true,
    http: { ...httpLimits, ...options.http },
    log: createLogger(line => logged.push(line), options.logLevel),
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
  return { url: server.url, metricsUrl: server.metricsUrl, dataFolder, database, databaseUrl, logged, stop }
}

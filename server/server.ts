import { randomUUID } from 'node:crypto'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFolderBlobs } from './blobs.ts'
import { prepareSeedJobs } from './catalogue.ts'
import { openDatabase } from './db/database.ts'
import { seedJobs } from './db/jobs.ts'
import { loadSecret } from './db/load-secret.ts'
import { migrate } from './db/migrate.ts'
import { createDevicesSeen } from './devices-seen.ts'
import { createDispatcher } from './dispatcher.ts'
import { createHttpServer, type HttpLimits, httpLimits } from './http/http-server.ts'
import { readNetworkTotals } from './http/network.ts'
import type { Services } from './http/services.ts'
import type { Logger } from './logger.ts'
import { createKnownDevices } from './known-devices.ts'
import { createNetworkFeed } from './network-feed.ts'
import { createReportDesk } from './report-desk.ts'
import { createSecrecy } from './secrecy.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import { createWork } from './work.ts'

/** How long requests under way may take to end when the server stops. */
const graceMs = 3000

export interface ServerOptions {
  readonly databaseUrl: string
  readonly dataFolder: string
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly housePublicKey: string | undefined
  /** For its operator alone: what is earned vests at once, and no verdict is kept secret. */
  readonly isLocal: boolean
  /** Absent: {@link httpLimits}. */
  readonly http?: HttpLimits
  readonly log: Logger
}

export interface Server {
  readonly url: string
  /** Answers what is under way, lets go of its chunks, and closes the database. */
  stop(): Promise<void>
}

/**
 * One task server on a PostgreSQL that runs. Any number of them may share one database.
 *
 * @throws {DatabaseUnavailableError}, or Node's own error where the port is taken
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { log } = options
  const now = Date.now
  const serverId = randomUUID()
  const database = openDatabase(options.databaseUrl)
  try {
    await migrate(database)
    const secret = await loadSecret(database, 'tokens')
    const tokens = createTokens(secret)
    const { isLocal } = options
    const secrecy = createSecrecy({ secret, isLocal })
    const blobs = createFolderBlobs(join(options.dataFolder, 'blobs'))
    const seeds = await prepareSeedJobs(blobs, new Date(now()))
    await database.transaction(client => seedJobs(client, seeds))
    const known = createKnownDevices({ database, now })
    const dispatcher = createDispatcher({
      database,
      blobs,
      serverId,
      known,
      secrecy,
      isLocal,
      now,
      random: Math.random,
      log,
    })
    const reports = createReportDesk({ database, dispatcher, known, tokens, now })
    await dispatcher.start()
    const feed = createNetworkFeed(() => readNetworkTotals({ database, now }), log)
    const devicesSeen = createDevicesSeen({ database, now, log })
    const services: Services = {
      database,
      blobs,
      tokens,
      secrecy,
      feed,
      devicesSeen,
      now,
      log,
      sessions: createSessions({ database, tokens, now, housePublicKey: options.housePublicKey }),
      work: createWork({ dispatcher, known, reports, tokens, now }),
      pageFolder: fileURLToPath(new URL('../dist/page', import.meta.url)),
    }
    const http = await listen(createHttpServer(services, options.http ?? httpLimits), options)
    return {
      url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${http.port}`,
      async stop() {
        feed.stop()
        try {
          await http.close()
          await devicesSeen.stop()
          await dispatcher.stop()
        } finally {
          await database.close()
        }
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

function listen(server: HttpServer, { host, port }: ServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise(closed => {
            const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
            server.close(() => {
              clearTimeout(impatience)
              closed()
            })
            server.closeIdleConnections()
          }),
      }),
    )
  })
}

import { randomUUID } from 'node:crypto'
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { createFolderBlobs } from './blobs.ts'
import { prepareSeedJobs } from './catalogue.ts'
import { createClientAddress } from './client-address.ts'
import { openDatabase } from './db/database.ts'
import { seedJobs } from './db/jobs.ts'
import { loadSecret } from './db/load-secret.ts'
import { migrate } from './db/migrate.ts'
import { createDevicesSeen } from './devices-seen.ts'
import { createDispatcher } from './dispatcher.ts'
import { checkDatabase, checkFolder, createHealth } from './health.ts'
import { createApp } from './http/app.ts'
import { listenForMetrics, type MetricsAddress } from './http/metrics.ts'
import { readNetworkTotals } from './http/network.ts'
import { createRequestObserver } from './http/requests.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createNetworkFeed } from './network-feed.ts'
import { createRegistrations } from './registrations.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import { createWork } from './work.ts'

/** How long requests under way may take to end when the server stops. */
const graceMs = 3000
/** How often connections that have had their answer are looked for, while the server stops. */
const closeIdleEveryMs = 20

export interface ServerOptions {
  readonly databaseUrl: string
  readonly dataFolder: string
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly housePublicKey: string | undefined
  readonly log: Logger
  /** Proxies whose `X-Forwarded-For` is believed; unset: none. */
  readonly trustedProxies?: readonly string[]
  /** Unset: no metrics. */
  readonly metrics?: MetricsAddress | undefined
  /** Proof of work that a new device owes, in bits; unset: none. */
  readonly signupWorkBits?: number
}

export interface Server {
  readonly url: string
  /** Where the metrics are, if anywhere. */
  readonly metricsUrl: string | undefined
  /** Answers what is under way, lets go of its chunks, and closes the database. */
  stop(): Promise<void>
}

/**
 * One task server on a PostgreSQL that runs. Any number of them may share one database.
 *
 * @throws {DatabaseUnavailableError}, or Node's own error where the port is taken
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { log, trustedProxies = [], signupWorkBits = 0 } = options
  const now = Date.now
  const serverId = randomUUID()
  const database = openDatabase(options.databaseUrl)
  try {
    await migrate(database, { onWaiting: name => log.info('A migration waits for a lock', { name }) })
    const metrics = createMetrics({ includesProcess: options.metrics !== undefined })
    metrics.watchPool(database.poolState)
    const health = createHealth()
    health.watch('database', checkDatabase(database, now))
    health.watch('blobs', checkFolder(join(options.dataFolder, 'blobs'), now))
    const clientAddress = createClientAddress(trustedProxies, log)
    const tokens = createTokens(await loadSecret(database, 'tokens'))
    const blobs = createFolderBlobs(join(options.dataFolder, 'blobs'))
    const seeds = await prepareSeedJobs(blobs, new Date(now()))
    await database.transaction(client => seedJobs(client, seeds))
    const dispatcher = createDispatcher({ database, blobs, serverId, now, random: Math.random, log })
    await dispatcher.start()
    const feed = createNetworkFeed(() => readNetworkTotals({ database, now }), log)
    const devicesSeen = createDevicesSeen({ database, now, log })
    const app = createApp({
      database,
      blobs,
      tokens,
      feed,
      devicesSeen,
      health,
      clientAddress,
      now,
      log,
      sessions: createSessions({
        database,
        tokens,
        registrations: createRegistrations({ database, now, workBits: signupWorkBits }),
        now,
        housePublicKey: options.housePublicKey,
        workBits: signupWorkBits,
      }),
      work: createWork({ database, dispatcher, tokens, serverId, now }),
      pageFolder: fileURLToPath(new URL('../dist/page', import.meta.url)),
    })
    const http = await listen(app.fetch, options, createRequestObserver({ clientAddress, metrics, log, now }))
    const metricsListener =
      options.metrics &&
      (await listenForMetrics(metrics, options.metrics, log).catch(async (error: unknown) => {
        await http.close()
        throw error
      }))
    return {
      url: urlOf(options.host, http.port),
      metricsUrl: metricsListener && options.metrics && `${urlOf(options.metrics.host, metricsListener.port)}/metrics`,
      async stop() {
        feed.stop()
        try {
          await http.close()
          await metricsListener?.close()
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

const urlOf = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`

type Fetch = Parameters<typeof serve>[0]['fetch']

function listen(
  fetch: Fetch,
  { host, port }: ServerOptions,
  onRequest: (incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address: AddressInfo) =>
      resolve({ port: address.port, close: () => close(server) }),
    ) as HttpServer
    server.prependListener('request', (incoming, outgoing) => {
      // Else a client that asks again and again would keep its connection, and with it a server that stops.
      if (!server.listening) outgoing.setHeader('connection', 'close')
      onRequest(incoming, outgoing)
    })
    server.once('error', reject)
  })
}

/** Takes no more connections, answers what is under way, and ends. */
function close(server: HttpServer): Promise<void> {
  const impatience = setTimeout(() => server.closeAllConnections(), graceMs)
  const idle = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs)
  return new Promise(closed =>
    server.close(() => {
      clearTimeout(impatience)
      clearInterval(idle)
      closed()
    }),
  )
}

import { randomUUID } from 'node:crypto'
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { startCollector } from './blobs/collect-blobs.ts'
import { openBlobs } from './blobs/open-blobs.ts'
import type { BlobPlace } from './blobs/parse-blob-place.ts'
import { type BlobQuotas, createUploads } from './blobs/uploads.ts'
import { prepareSeedJobs } from './catalogue.ts'
import { createClientAddress } from './client-address.ts'
import { openDatabase } from './db/database.ts'
import { seedJobs } from './db/jobs.ts'
import { loadSecret } from './db/load-secret.ts'
import { migrate } from './db/migrate.ts'
import { createDevicesSeen } from './devices-seen.ts'
import { createDispatcher } from './dispatcher.ts'
import { checkDatabase, createHealth } from './health.ts'
import { createHttpServer, type HttpLimits, httpLimits } from './http/http-server.ts'
import { listenForMetrics, type MetricsAddress } from './http/metrics.ts'
import { readNetworkTotals } from './http/network.ts'
import { createRequestObserver, type RequestObserver } from './http/requests.ts'
import type { Services } from './http/services.ts'
import { createJobKernels } from './job-kernel.ts'
import { createKnownDevices } from './known-devices.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createNetworkFeed } from './network-feed.ts'
import { createJobControl } from './posting/job-control.ts'
import { createPosting } from './posting/post-job.ts'
import { createSteward } from './posting/steward.ts'
import { createTrials } from './posting/trials.ts'
import { createRegistrations } from './registrations.ts'
import { createReportDesk } from './report-desk.ts'
import { createMerger } from './results/merger.ts'
import { createSandbox } from './sandbox/sandbox.ts'
import { createSecrecy } from './secrecy.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'
import { createWork } from './work.ts'

const trialCapMs = 60_000
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
  /** For its operator alone: what is earned vests at once, and no verdict is kept secret. */
  readonly isLocal: boolean
  /** Absent: {@link httpLimits}. */
  readonly http?: HttpLimits
  readonly log: Logger
  /** Proxies whose `X-Forwarded-For` is believed; unset: none. */
  readonly trustedProxies?: readonly string[]
  /** Unset: no metrics. */
  readonly metrics?: MetricsAddress | undefined
  /** Proof of work that a new device owes, in bits; unset: none. */
  readonly signupWorkBits?: number
  /** Unset: in the data folder. */
  readonly blobPlace?: BlobPlace
  /** Unset: those of `domain/quotas.ts`. */
  readonly blobQuotas?: BlobQuotas
  /** Whether accounts may store files and post jobs; unset: where the server is for its operator alone. */
  readonly sponsoredJobs?: boolean
  /** The most that a run of a trial may take, in milliseconds; unset: a minute. */
  readonly trialCapMs?: number
  /** The clock, in milliseconds since 1970; unset: that of the machine. */
  readonly now?: () => number
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
  const { log, isLocal, trustedProxies = [], signupWorkBits = 0, now = Date.now } = options
  const { blobPlace = { kind: 'folder' }, sponsoredJobs = isLocal } = options
  const serverId = randomUUID()
  const database = openDatabase(options.databaseUrl)
  try {
    await migrate(database, { onWaiting: name => log.info('A migration waits for a lock', { name }) })
    const metrics = createMetrics({ includesProcess: options.metrics !== undefined })
    metrics.watchPool(database.poolState)
    const health = createHealth()
    health.watch('database', checkDatabase(database, now))
    const clientAddress = createClientAddress(trustedProxies, log)
    const secret = await loadSecret(database, 'tokens')
    const tokens = createTokens(secret)
    const secrecy = createSecrecy({ secret, isLocal })
    const { blobs, check } = openBlobs({ place: blobPlace, dataFolder: options.dataFolder, now })
    health.watch('blobs', check)
    const seeds = await prepareSeedJobs(blobs, new Date(now()))
    await database.transaction(client => seedJobs(client, seeds))
    const jobKernels = createJobKernels(blobs)
    const known = createKnownDevices({ database, now })
    const dispatcher = createDispatcher({
      database,
      jobKernels,
      serverId,
      known,
      secrecy,
      isLocal,
      now,
      random: Math.random,
      log,
      metrics,
    })
    health.watch('claims', dispatcher.checkClaims)
    const reports = createReportDesk({ database, dispatcher, known, tokens, now })
    await dispatcher.start()
    const merger = createMerger({ database, blobs, now, log })
    const feed = createNetworkFeed(() => readNetworkTotals({ database, now }), log)
    const devicesSeen = createDevicesSeen({ database, now, log })
    const sandbox = createSandbox({ log })
    const trials = createTrials({
      database,
      blobs,
      sandbox,
      timeCapMs: options.trialCapMs ?? trialCapMs,
      now,
      log,
    })
    const steward = createSteward({ database, now, log, onSettled: dispatcher.lookAtJobs })
    steward.start()
    const collector = startCollector({ database, blobs, now, log })
    const services: Services = {
      database,
      blobs,
      jobKernels,
      trials,
      posting: createPosting({ database, blobs, sandbox, now, onPosted: dispatcher.lookAtJobs }),
      jobControl: createJobControl({ database, jobKernels, now, onChanged: dispatcher.lookAtJobs }),
      uploads: createUploads({ database, blobs, now, ...(options.blobQuotas && { limits: options.blobQuotas }) }),
      tokens,
      secrecy,
      feed,
      devicesSeen,
      health,
      clientAddress,
      sponsoredJobs,
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
      work: createWork({ dispatcher, known, reports, tokens, now }),
      pageFolder: fileURLToPath(new URL('../dist/page', import.meta.url)),
    }
    const observe = createRequestObserver({ clientAddress, metrics, log, now })
    const http = await listen(createHttpServer(services, options.http ?? httpLimits), options, observe)
    const metricsListener =
      options.metrics &&
      (await listenForMetrics(metrics, options.metrics, log).catch(async (error: unknown) => {
        await http.close()
        throw error
      }))
    merger.start()
    return {
      url: urlOf(options.host, http.port),
      metricsUrl: metricsListener && options.metrics && `${urlOf(options.metrics.host, metricsListener.port)}/metrics`,
      async stop() {
        feed.stop()
        try {
          await http.close()
          await metricsListener?.close()
          await devicesSeen.stop()
          await merger.stop()
          await collector.stop()
          await steward.stop()
          await trials.stop()
          await sandbox.close()
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

function listen(
  server: HttpServer,
  { host, port }: ServerOptions,
  observe: RequestObserver,
): Promise<{ port: number; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    server.prependListener('request', (incoming, outgoing) => {
      // Else a client that asks again and again would keep its connection, and with it a server that stops.
      if (!server.listening) outgoing.setHeader('connection', 'close')
      observe(incoming, outgoing)
    })
    server.once('error', reject)
    server.listen(port, host, () =>
      resolve({ port: (server.address() as AddressInfo).port, close: () => close(server) }),
    )
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

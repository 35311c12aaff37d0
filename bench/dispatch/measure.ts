import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../../server/db/database.ts'
import { type SpawnedServer, spawnServer } from '../../server/testing/spawn-server.ts'
import type { BenchPostgres } from './bench-postgres.ts'
import { cpuSeconds, machineCpuSeconds } from './cpu-seconds.ts'
import { seedRecords } from './create-database.ts'
import type { FleetCounts, Pace } from './fleet-messages.ts'
import { type Fleet, startFleet } from './fleet-process.ts'

/** Cores in use, on average. */
export interface Cores {
  readonly server: number
  readonly postgres: number
  readonly fleet: number
  /** Of whatever else ran on the machine: where it is more than a little, the rest says less. */
  readonly others: number
}

export interface Measurement {
  /** Results that were accepted meanwhile, by the ledger in the database. */
  readonly acceptedPerSecond: number
  /** Tasks that were accepted meanwhile, by their chunks in the database. */
  readonly tasksPerSecond: number
  readonly counts: FleetCounts
  readonly cores: Cores
}

/** Servers and a fleet on one database, until `stop`. */
export interface Stand {
  readonly servers: readonly SpawnedServer[]
  readonly fleet: Fleet
  /** Loads the servers for `warmUpSeconds` without looking, and then for `seconds`. The load goes on. */
  measure(input: { pace: Pace; warmUpSeconds: number; seconds: number }): Promise<Measurement>
  stop(): Promise<void>
}

/** What is accepted and durable so far, as of when servers last wrote their books. */
export async function countAccepted(database: Database): Promise<{ results: number; tasks: number }> {
  const { rows } = await database.query<{ results: bigint; tasks: bigint }>(
    `select (select coalesce(sum(accepted), 0)::bigint from contributions) as results,
            (select coalesce(sum(accepted), 0)::bigint from chunks) as tasks`,
  )
  return { results: Number(rows[0]?.results), tasks: Number(rows[0]?.tasks) }
}

/**
 * Waits until a server has written its books, and no longer than ten seconds: servers write less often under load, and
 * what is counted just before they do misses seconds of work.
 */
async function booksWritten(database: Database): Promise<void> {
  const read = async () =>
    (await database.query<{ accepted: bigint }>('select sum(accepted)::bigint as accepted from activity')).rows[0]
      ?.accepted
  const before = await read()
  for (let waitedMs = 0; waitedMs < 10_000 && (await read()) === before; waitedMs += 50) await sleep(50)
}

/** Starts a server as its operator would, but for the device that it has of its own. It ends with the bench. */
export async function startServer(
  { dataFolder }: BenchPostgres,
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<SpawnedServer> {
  const server = await spawnServer({
    DATABASE_URL: databaseUrl,
    TIDEMILL_DATA: dataFolder,
    TIDEMILL_HOUSE_DEVICE: 'off',
    ...environment,
  })
  const kill = () => void server.process.kill()
  process.once('exit', kill)
  server.process.once('exit', () => process.off('exit', kill))
  return server
}

export async function openStand(
  postgres: BenchPostgres,
  input: {
    readonly databaseUrl: string
    readonly database: Database
    readonly servers: number
    readonly devices: number
    readonly resultsPerReport: number
    /** Of the servers' processes. */
    readonly environment?: Readonly<Record<string, string>>
  },
): Promise<Stand> {
  const { databaseUrl, database, devices, resultsPerReport } = input
  const start = () => startServer(postgres, databaseUrl, input.environment)
  const servers = await Promise.all(Array.from({ length: input.servers }, start))
  const endServers = () => Promise.all(servers.map(server => server.end('SIGTERM')))
  const fleet = await startFleet({ urls: servers.map(({ url }) => url), devices, resultsPerReport }).catch(
    async (error: unknown) => {
      await endServers()
      throw error
    },
  )
  await seedRecords(database, fleet.accountIds)

  async function look() {
    await booksWritten(database)
    return {
      at: performance.now() / 1000,
      accepted: await countAccepted(database),
      server: servers.reduce((sum, { process: child }) => sum + cpuSeconds(child.pid ?? 0), 0),
      postgres: cpuSeconds(postgres.pid),
      fleet: cpuSeconds(fleet.pid),
      machine: machineCpuSeconds(),
    }
  }

  return {
    servers,
    fleet,
    async measure({ pace, warmUpSeconds, seconds }) {
      await fleet.load(pace)
      await sleep(warmUpSeconds * 1000)
      const before = await look()
      await fleet.count()
      await sleep(seconds * 1000)
      const after = await look()
      // Requests that were due and have no answer yet belong to the latencies of a given rate.
      if (pace.kind === 'open') await fleet.rest()
      const counts = await fleet.read()
      const perSecond = (of: (state: typeof before) => number) => (of(after) - of(before)) / (after.at - before.at)
      return {
        acceptedPerSecond: Math.round(perSecond(({ accepted }) => accepted.results)),
        tasksPerSecond: perSecond(({ accepted }) => accepted.tasks),
        counts,
        cores: {
          server: perSecond(state => state.server),
          postgres: perSecond(state => state.postgres),
          fleet: perSecond(state => state.fleet),
          // Two clocks that do not agree to the tick.
          others: Math.max(
            0,
            perSecond(state => state.machine - state.server - state.postgres - state.fleet),
          ),
        },
      }
    },
    async stop() {
      try {
        await fleet.rest()
      } finally {
        await fleet.end()
        await endServers()
      }
    },
  }
}

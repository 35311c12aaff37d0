import { fork } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { createFolderBlobs } from '../server/blobs.ts'
import { chunkSizeFor, prepareSeedJobs } from '../server/catalogue.ts'
import { openDatabase } from '../server/db/database.ts'
import { seedJobs } from '../server/db/jobs.ts'
import { migrate } from '../server/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/embedded-postgres.ts'
import { createLogger } from '../server/logger.ts'
import { spawnServer } from '../server/testing/spawn-server.ts'
import { cpuSeconds } from './dispatch/cpu-seconds.ts'
import type { FleetOrder, FleetReport } from './dispatch/fleet.ts'

/**
 * `npm run bench:dispatch`: a fresh database, one server, and a fleet in a process of its own that speaks the real wire
 * with real tokens. Counts accepted, durable results: replicas that have their credit in the database.
 */
const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    'warm-up': { type: 'string', default: '5' },
    devices: { type: 'string', default: '500' },
    batches: { type: 'string', default: '1,8,64' },
    tasks: { type: 'string', default: '1000000000' },
  },
})

interface Run {
  readonly batch: number
  readonly servers: number
  readonly acceptedPerSecond: number
  readonly report: FleetReport
  readonly cpu: { readonly server: number; readonly postgres: number; readonly fleet: number }
}

async function createDatabase(postgresUrl: string, dataFolder: string, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: postgresUrl })
  await admin.connect()
  await admin.query(`create database ${name}`)
  await admin.end()
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  const database = openDatabase(url.href)
  await migrate(database)
  const jobs = await prepareSeedJobs(createFolderBlobs(join(dataFolder, 'blobs')), new Date())
  const job = jobs.find(({ kernelId }) => kernelId === 'collatz-records')
  if (job === undefined) throw new Error('The kernel collatz-records is not built.')
  const taskCount = BigInt(flags.tasks)
  const parameters = { from: '1', to: `${taskCount * 1000n}`, startsPerTask: 1000 }
  await database.transaction(client =>
    seedJobs(client, [{ ...job, parameters, taskCount, microCredits: 1000n, chunkSize: chunkSizeFor(0.001) }]),
  )
  await database.close()
  return url.href
}

async function runFleet(
  order: FleetOrder,
  onMeasuring: (fleetPid: number) => Promise<void>,
  onMeasured: () => Promise<void>,
): Promise<FleetReport> {
  const fleet = fork(new URL('./dispatch/fleet.ts', import.meta.url), [JSON.stringify(order)])
  return new Promise((resolve, reject) => {
    fleet.on('message', message => {
      if (message === 'measuring') void onMeasuring(fleet.pid ?? 0).catch(reject)
      else if (message === 'measured') void onMeasured().catch(reject)
      else resolve(message as FleetReport)
    })
    fleet.on('exit', code => code !== 0 && reject(new Error(`The fleet ended with code ${code}.`)))
  })
}

async function measure(
  { postgresUrl, dataFolder, postgresPid }: { postgresUrl: string; dataFolder: string; postgresPid: number },
  { batch, servers: count, reportsPerSecond }: { batch: number; servers: number; reportsPerSecond?: number },
): Promise<Run> {
  const databaseUrl = await createDatabase(postgresUrl, dataFolder, `bench_${batch}_${count}_${Date.now()}`)
  const environment = { DATABASE_URL: databaseUrl, TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off' }
  const servers = await Promise.all(Array.from({ length: count }, () => spawnServer(environment)))
  const database = openDatabase(databaseUrl)
  const countAccepted = async () =>
    (await database.query<{ count: bigint }>('select count(*) from credits')).rows[0]?.count ?? 0n
  const usage = (fleetPid: number) => ({
    server: servers.reduce((sum, { process: child }) => sum + cpuSeconds(child.pid ?? 0), 0),
    postgres: cpuSeconds(postgresPid),
    fleet: cpuSeconds(fleetPid),
  })
  let before = { accepted: 0n, usage: usage(0), fleetPid: 0 }
  let after = before
  const report = await runFleet(
    {
      urls: servers.map(({ url }) => url),
      devices: Number(flags.devices),
      batch,
      warmUpSeconds: Number(flags['warm-up']),
      seconds: Number(flags.seconds),
      ...(reportsPerSecond !== undefined && { reportsPerSecond }),
    },
    async fleetPid => {
      before = { accepted: await countAccepted(), usage: usage(fleetPid), fleetPid }
    },
    async () => {
      after = { accepted: await countAccepted(), usage: usage(before.fleetPid), fleetPid: before.fleetPid }
    },
  )
  await database.close()
  for (const server of servers) await server.end('SIGTERM')
  const share = (of: (u: typeof before.usage) => number) => (of(after.usage) - of(before.usage)) / report.seconds
  return {
    batch,
    servers: count,
    acceptedPerSecond: Math.round(Number(after.accepted - before.accepted) / report.seconds),
    report,
    cpu: { server: share(u => u.server), postgres: share(u => u.postgres), fleet: share(u => u.fleet) },
  }
}

function show({ batch, servers, acceptedPerSecond, report, cpu }: Run): void {
  const perTask = report.acknowledged === 0 ? 0 : Math.round(report.bytes / report.acknowledged)
  console.log(
    `${String(batch).padStart(3)} a request, ${servers} server${servers > 1 ? 's' : ''}: ${acceptedPerSecond} accepted/s, ` +
      `${Math.round(report.acknowledged / report.seconds)} acknowledged/s, p50 ${report.p50Ms.toFixed(1)} ms, ` +
      `p99 ${report.p99Ms.toFixed(1)} ms, ${perTask} bytes a result, cores: server ${cpu.server.toFixed(2)}, ` +
      `postgres ${cpu.postgres.toFixed(2)}, fleet ${cpu.fleet.toFixed(2)}, empty answers ${report.emptyAnswers}`,
  )
}

const dataFolder = await mkdtemp(join(tmpdir(), 'tidemill-bench-'))
const postgres = await startEmbeddedPostgres(dataFolder, createLogger(console.error))
const postgresPid = Number((await readFile(join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0])
try {
  const [cpu] = cpus()
  console.log(
    `${cpus().length} × ${cpu?.model ?? 'unknown processor'}, Node ${process.versions.node}, ${flags.devices} devices`,
  )
  const place = { postgresUrl: postgres.url, dataFolder, postgresPid }
  const accepted: Record<string, number> = {}
  const acceptedTwoServers: Record<string, number> = {}
  for (const servers of [1, 2])
    for (const batch of flags.batches.split(',').map(Number)) {
      const run = await measure(place, { batch, servers })
      show(run)
      const results = servers === 1 ? accepted : acceptedTwoServers
      results[batch] = run.acceptedPerSecond
    }
  console.log(JSON.stringify({ accepted, acceptedTwoServers }))
} finally {
  await postgres.stop()
  await rm(dataFolder, { recursive: true, force: true })
}

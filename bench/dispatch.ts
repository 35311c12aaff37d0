import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type BenchPostgres, startBenchPostgres } from './dispatch/bench-postgres.ts'
import { createServerDatabase } from './dispatch/create-database.ts'
import { describeMeasurement } from './dispatch/describe.ts'
import { measureFlatness } from './dispatch/flatness.ts'
import { openStand } from './dispatch/measure.ts'
import { measuredPeers, measurePeer } from './dispatch/peers.ts'

/**
 * `npm run bench:dispatch`: how many results a second the task server accepts, durably.
 *
 * A fresh database on a PostgreSQL of its own, one server (then two) as `npm start` runs it, and a fleet in a process of
 * its own: so many devices, each with an account, a signed session and a connection, over the real wire. Quorum of two,
 * probes on, accounts with a long clean record. Reports of 1, 8 and 64 results.
 *
 * - accepted: replicas that the ledger in the database has as accepted, counted by SQL before and after
 * - at full load each device has a request under way at all times; its latencies are those of a queue that is always full
 * - at half load requests are due at half of the reached rate, spread evenly; a latency counts from when a request was
 *   due, not from when it was sent
 * - peers: job queues on the same PostgreSQL, see `dispatch/peers.ts`
 *
 * `--flat` measures instead whether the speed follows what exists: see `dispatch/flatness.ts`.
 */
const { values: flags } = parseArgs({
  options: {
    flat: { type: 'boolean', default: false },
    /** Finished tasks that `--flat` makes. */
    history: { type: 'string', default: '10000000' },
    seconds: { type: 'string', default: '30' },
    'warm-up': { type: 'string', default: '5' },
    devices: { type: 'string', default: '500' },
    reports: { type: 'string', default: '1,8,64' },
    servers: { type: 'string', default: '1,2' },
    'no-peers': { type: 'boolean', default: false },
  },
})
const devices = Number(flags.devices)
const sizes = flags.reports.split(',').map(Number)
const warmUpSeconds = Number(flags['warm-up'])
const seconds = Number(flags.seconds)
const jobs = { jobs: 1, tasksPerJob: 1_000_000_000n, chunkSize: 32_768 }

/** Full load, and at one server half of it. */
async function measureServers(postgres: BenchPostgres, servers: number, resultsPerReport: number) {
  const { url: databaseUrl, database } = await createServerDatabase(postgres, jobs)
  const stand = await openStand(postgres, { databaseUrl, database, servers, devices, resultsPerReport })
  const name = `${resultsPerReport} a report, ${servers} server${servers > 1 ? 's' : ''}`
  try {
    const full = await stand.measure({ pace: { kind: 'full' }, warmUpSeconds, seconds })
    console.log(describeMeasurement(name, full))
    if (servers > 1) return { full }
    const requestsPerSecond = full.counts.requests / full.counts.seconds / 2
    const half = await stand.measure({
      pace: { kind: 'open', requestsPerSecond },
      warmUpSeconds: warmUpSeconds / 2,
      seconds: seconds / 2,
    })
    console.log(describeMeasurement(`${name}, half load`, half))
    return { full, half }
  } finally {
    await stand.stop()
    await database.close()
  }
}

async function measureDispatch(postgres: BenchPostgres) {
  const accepted: Record<number, Record<string, number>> = {}
  let p99MsAtHalfLoad = 0
  for (const servers of flags.servers.split(',').map(Number))
    for (const size of sizes) {
      const { full, half } = await measureServers(postgres, servers, size)
      accepted[servers] = { ...accepted[servers], [size]: full.acceptedPerSecond }
      if (half !== undefined) p99MsAtHalfLoad = Math.max(p99MsAtHalfLoad, half.counts.p99Ms)
    }
  return {
    accepted: accepted[1] ?? {},
    acceptedTwoServers: accepted[2] ?? {},
    p99MsAtHalfLoad: Number(p99MsAtHalfLoad.toFixed(1)),
    peers: flags['no-peers'] ? {} : await measurePeers(postgres),
  }
}

async function measurePeers(postgres: BenchPostgres): Promise<Record<string, number>> {
  const rates: Record<string, number> = {}
  for (const peer of measuredPeers) {
    const { jobsPerSecond, cores } = await measurePeer(postgres, peer, { warmUpSeconds: 3, seconds: 12 })
    const { concurrency, batch } = peer.settings
    console.log(
      `${peer.name}: ${jobsPerSecond} jobs/s, ${concurrency} at once in batches of ${batch}, ` +
        `cores: worker ${cores.worker.toFixed(2)}, postgres ${cores.postgres.toFixed(2)}`,
    )
    rates[peer.name] = jobsPerSecond
  }
  return rates
}

const postgres = await startBenchPostgres()
try {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.versions.node}, ${devices} devices`,
  )
  const result = flags.flat
    ? await measureFlatness(postgres, { devices, sizes, warmUpSeconds, seconds, history: Number(flags.history) })
    : await measureDispatch(postgres)
  console.log(JSON.stringify(result))
} finally {
  await postgres.stop()
}

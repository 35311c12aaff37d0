import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type BenchPostgres, startBenchPostgres } from './dispatch/bench-postgres.ts'
import { createServerDatabase } from './dispatch/create-database.ts'
import { countAccepted, openStand, type Stand } from './dispatch/measure.ts'
import { findBrokenInvariants } from './soak/find-broken-invariants.ts'
import { findGrowth } from './soak/find-growth.ts'
import { findFreePort, inspectMemory } from './soak/inspected-memory.ts'
import { type Sample, takeSample } from './soak/take-sample.ts'

/**
 * `npm run bench:soak`: one server under a steady load for a while. Fails where what it holds in memory, or what is in
 * flight in its database, grows beyond a bound after a warm-up (`soak/find-growth.ts`), where an invariant of the
 * database does not hold at the end (`soak/find-broken-invariants.ts`), or where the server logged an error. Says
 * nothing about speed. Chunks are small, so that they come and go all the time.
 *
 * The load is a share of what the server reaches in a trial before, or `--requests-per-second`, which needs no trial.
 */
const { values: flags } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    'rate-share': { type: 'string', default: '0.5' },
    'requests-per-second': { type: 'string' },
    devices: { type: 'string', default: '500' },
    results: { type: 'string', default: '8' },
  },
})
const seconds = Number(flags.minutes) * 60
const warmUpSeconds = Math.min(60, seconds / 3)
const sampleEverySeconds = Math.min(10, seconds / 30)
/** Within it, all that was acknowledged must have reached the ledger. */
const settleSeconds = 30
const devices = Number(flags.devices)
const resultsPerReport = Number(flags.results)
const jobs = { jobs: 1, tasksPerJob: 1_000_000_000n, chunkSize: 4096 }

async function withStand<T>(
  postgres: BenchPostgres,
  environment: Readonly<Record<string, string>>,
  use: (stand: Stand, database: Awaited<ReturnType<typeof createServerDatabase>>['database']) => Promise<T>,
): Promise<T> {
  const { url: databaseUrl, database } = await createServerDatabase(postgres, jobs)
  const stand = await openStand(postgres, {
    databaseUrl,
    database,
    servers: 1,
    devices,
    resultsPerReport,
    environment,
  })
  try {
    return await use(stand, database)
  } finally {
    await stand.stop()
    await database.close()
  }
}

async function choosePace(postgres: BenchPostgres): Promise<number> {
  if (flags['requests-per-second'] !== undefined) return Number(flags['requests-per-second'])
  return withStand(postgres, {}, async stand => {
    const { counts } = await stand.measure({ pace: { kind: 'full' }, warmUpSeconds: 5, seconds: 10 })
    return (Number(flags['rate-share']) * counts.requests) / counts.seconds
  })
}

/** Lines of level error or worse, as either a word or pino's number says it. */
function watchErrors(stand: Stand): string[] {
  const errors: string[] = []
  for (const { process: server } of stand.servers)
    server.stderr?.on('data', (text: string) => {
      errors.push(...text.split('\n').filter(line => /"level":("(error|fatal)"|[56]0)/.test(line)))
    })
  return errors
}

async function soak(postgres: BenchPostgres, requestsPerSecond: number) {
  const port = await findFreePort()
  return withStand(postgres, { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` }, async (stand, database) => {
    const errors = watchErrors(stand)
    const memory = await inspectMemory(port)
    const samples: Sample[] = []
    await stand.fleet.count()
    await stand.fleet.load({ kind: 'open', requestsPerSecond })
    const startedAt = performance.now()
    const atSeconds = () => (performance.now() - startedAt) / 1000
    while (atSeconds() < seconds) {
      await sleep(sampleEverySeconds * 1000)
      samples.push(await takeSample(database, { atSeconds: atSeconds(), memory: await memory.read() }))
    }
    await stand.fleet.rest()
    const counts = await stand.fleet.read()
    const accepted = await countAccepted(database)
    let broken = await findBrokenInvariants(database, counts.acknowledged)
    for (let waited = 0; broken.length > 0 && waited < settleSeconds; waited++) {
      await sleep(1000)
      broken = await findBrokenInvariants(database, counts.acknowledged)
    }
    memory.close()
    const growth = findGrowth(samples.filter(sample => sample.atSeconds >= warmUpSeconds))
    return { samples, counts, accepted, failures: [...broken, ...growth, ...errors] }
  })
}

function describeSample({ atSeconds, residentBytes, liveBytes, openChunks, logRows, waitingResults }: Sample): string {
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  return (
    `${atSeconds.toFixed(0).padStart(5)} s: ${mib(residentBytes)} resident, ${mib(liveBytes)} live, ` +
    `${openChunks} open chunks, ${logRows} rows in the log, ${waitingResults} results waiting`
  )
}

const postgres = await startBenchPostgres()
try {
  const requestsPerSecond = await choosePace(postgres)
  const { samples, counts, accepted, failures } = await soak(postgres, requestsPerSecond)
  for (const sample of samples) console.log(describeSample(sample))
  for (const failure of failures) console.log(failure)
  const [first, last] = [samples.find(sample => sample.atSeconds >= warmUpSeconds), samples.at(-1)]
  console.log(
    JSON.stringify({
      minutes: Number(flags.minutes),
      requestsPerSecond: Math.round(requestsPerSecond),
      acknowledged: counts.acknowledged,
      accepted: accepted.results,
      refusals: counts.refusals,
      p99Ms: counts.p99Ms,
      afterWarmUp: first,
      atEnd: last,
      failures,
    }),
  )
  process.exitCode = failures.length === 0 ? 0 : 1
} finally {
  await postgres.stop()
}

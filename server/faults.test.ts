import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Problem } from '../protocol/errors.ts'
import { Health } from '../protocol/network.ts'
import { createNodeVolunteer } from '../workers/node/node-volunteer.ts'
import type { Volunteer } from '../workers/volunteer.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/database.ts'
import { migrate } from './db/migrate.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'
import { createLogger } from './logger.ts'
import { createTestDatabase } from './testing/create-database.ts'
import { seedSmallJobs } from './testing/small-jobs.ts'
import { type SpawnedServer, spawnServer } from './testing/spawn-server.ts'

const patience = { timeout: 60_000, interval: 50 }

async function createDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemill-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Headless volunteers, each with a key and an account of its own, at work on the server. */
async function startVolunteers(serverUrl: string, count: number): Promise<Volunteer[]> {
  const volunteers = Array.from({ length: count }, () => createNodeVolunteer({ serverUrl }))
  onTestFinished(() => {
    for (const volunteer of volunteers) volunteer.close()
  })
  await Promise.all(volunteers.map(volunteer => volunteer.start({ cores: 1, cpuPercent: 100 })))
  return volunteers
}

/** Results that the server has acknowledged to them. */
const acknowledged = (volunteers: readonly Volunteer[]): number =>
  volunteers.reduce((sum, volunteer) => sum + volunteer.getState().session.returned, 0)

async function waitForMore(volunteers: readonly Volunteer[], results: number): Promise<void> {
  const before = acknowledged(volunteers)
  await vi.waitFor(() => expect(acknowledged(volunteers)).toBeGreaterThanOrEqual(before + results), patience)
}

async function finishAll(volunteers: readonly Volunteer[]): Promise<void> {
  await Promise.all(volunteers.map(volunteer => volunteer.stop()))
  await Promise.all(volunteers.map(volunteer => volunteer.reported()))
}

const one = async (database: Database, statement: string): Promise<bigint> =>
  (await database.query<{ value: bigint }>(`select (${statement})::bigint as value`)).rows[0]?.value ?? -1n

/** What must hold whatever happened, by SQL alone. */
async function checkInvariants(database: Database, volunteers: readonly Volunteer[]): Promise<void> {
  for (const volunteer of volunteers) {
    const { accountId, session } = volunteer.getState()
    // Every result that a volunteer was told is stored, is stored, and none that it was not told of.
    expect(await one(database, `select count(*) from results where account_id = ${accountId}`)).toBe(
      BigInt(session.returned),
    )
  }
  // Whatever two accounts agree on has a verdict.
  expect(
    await one(
      database,
      `select count(*) from (select job_id, index from results group by job_id, index, digest having count(*) > 1) agreed
       left join verdicts using (job_id, index) where state is null`,
    ),
  ).toBe(0n)
  // A credit for each result that agrees with its verdict, and no other; so no task is credited twice.
  const agreeing = `from results r join verdicts v on v.job_id = r.job_id and v.index = r.index and v.digest = r.digest`
  expect(await one(database, 'select count(*) from credits')).toBe(await one(database, `select count(*) ${agreeing}`))
  expect(
    await one(
      database,
      `select count(*) ${agreeing} left join credits c
       on c.job_id = r.job_id and c.index = r.index and c.account_id = r.account_id where c.account_id is null`,
    ),
  ).toBe(0n)
  // Counts are those of the rows they count.
  expect(await one(database, 'select sum(accepted + failed + disputed) from job_progress')).toBe(
    await one(database, 'select count(*) from verdicts'),
  )
  expect(await one(database, 'select sum(judged) from chunks')).toBe(
    await one(database, 'select count(*) from verdicts'),
  )
  expect(await one(database, 'select sum(returned) from activity')).toBe(
    await one(database, 'select count(*) from results'),
  )
  expect(await one(database, 'select sum(micro_credits) from activity')).toBe(
    await one(database, 'select sum(micro_credits) from credits'),
  )
}

describe('a server that is killed', () => {
  test('default: nothing acknowledged is lost, nothing counts twice, and devices carry on', {
    timeout: 180_000,
  }, async () => {
    const { url: databaseUrl, database } = await createTestDatabase()
    const dataFolder = await createDataFolder()
    await seedSmallJobs(database, dataFolder)
    const environment = { DATABASE_URL: databaseUrl, TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off' }
    let server: SpawnedServer = await spawnServer(environment)
    onTestFinished(() => server.end('SIGKILL'))
    const volunteers = await startVolunteers(server.url, 4)
    for (let kill = 0; kill < 3; kill++) {
      await waitForMore(volunteers, 150)
      await server.end('SIGKILL')
      server = await spawnServer({ ...environment, PORT: new URL(server.url).port })
    }
    await waitForMore(volunteers, 150)
    await finishAll(volunteers)
    expect(acknowledged(volunteers)).toBeGreaterThanOrEqual(600)
    // Chunks of the dead are claimed again when their claims have ended; then all is judged that can be.
    await vi.waitFor(() => checkInvariants(database, volunteers), patience)
  })
})

/** A PostgreSQL of the test's own, which it may stop, with small jobs on it. */
async function startOwnPostgres(): Promise<{ dataFolder: string; start(): Promise<EmbeddedPostgres> }> {
  const dataFolder = await createDataFolder()
  const start = async () => {
    const postgres = await startEmbeddedPostgres(
      dataFolder,
      createLogger(() => {}),
    )
    onTestFinished(() => postgres.stop())
    return postgres
  }
  const postgres = await start()
  const database = openDatabase(postgres.url)
  await migrate(database)
  await seedSmallJobs(database, dataFolder)
  await database.close()
  await postgres.stop()
  return { dataFolder, start }
}

async function health({ url }: SpawnedServer) {
  const response = await fetch(`${url}/api/health`)
  return { http: response.status, ...Health.parse(await response.json()) }
}

describe('a database that goes away', () => {
  test('default: health says so, devices come back by themselves, nothing is lost', { timeout: 180_000 }, async () => {
    const { dataFolder, start } = await startOwnPostgres()
    const postgres = await start()
    const environment = { DATABASE_URL: postgres.url, TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off' }
    const server = await spawnServer(environment)
    onTestFinished(() => server.end('SIGTERM'))
    const volunteers = await startVolunteers(server.url, 2)
    await waitForMore(volunteers, 50)
    expect(await health(server)).toMatchObject({ http: 200, status: 'ok' })

    await postgres.stop()
    const sick = await health(server)
    expect(sick).toMatchObject({
      http: 503,
      status: 'unavailable',
      checks: expect.arrayContaining([expect.objectContaining({ name: 'database', ok: false })]),
    })
    const answer = await fetch(`${server.url}/api/jobs`)
    expect(Problem.parse(await answer.json()).code).toBe('DatabaseUnavailableError')
    expect(answer.headers.get('retry-after')).toBe('2')
    await vi.waitFor(() => expect(volunteers[0]?.getState().connection.kind).toBe('refused'), patience)

    expect((await start()).url).toBe(postgres.url)
    await vi.waitFor(async () => expect(await health(server)).toMatchObject({ http: 200 }), patience)
    await waitForMore(volunteers, 50)
    await finishAll(volunteers)
    const database = openDatabase(postgres.url)
    onTestFinished(() => database.close())
    await vi.waitFor(() => checkInvariants(database, volunteers), patience)
  })

  test('behavior: the embedded PostgreSQL is started again when it was killed', { timeout: 180_000 }, async () => {
    const { dataFolder, start } = await startOwnPostgres()
    const { url, stop } = await start()
    await stop()
    const server = await spawnServer({ TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off', DATABASE_URL: '' })
    onTestFinished(() => server.end('SIGTERM'))
    const volunteers = await startVolunteers(server.url, 2)
    await waitForMore(volunteers, 50)
    const [pid] = (await readFile(join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await waitForMore(volunteers, 200)
    await finishAll(volunteers)
    const database = openDatabase(url)
    onTestFinished(() => database.close())
    await vi.waitFor(() => checkInvariants(database, volunteers), patience)
  })
})

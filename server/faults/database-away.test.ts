import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import { Health } from '../../protocol/network.ts'
import { openDatabase } from '../db/database.ts'
import { everyTaskComesAgain } from '../testing/every-task-comes-again.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { createOwnPostgres, postmasterOf } from '../testing/own-postgres.ts'
import { type SpawnedServer, spawnServer } from '../testing/spawn-server.ts'
import { askAgain, finishAll, startVolunteers, waitForMore } from '../testing/volunteers.ts'

const patience = { timeout: 60_000, interval: 50 }

async function spawnOn(databaseUrl: string, dataFolder: string): Promise<SpawnedServer> {
  const environment = { DATABASE_URL: databaseUrl, TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off' }
  const server = await spawnServer(environment)
  onTestFinished(() => server.end('SIGTERM'))
  return server
}

function openOwn(url: string) {
  const database = openDatabase(url)
  onTestFinished(() => database.close())
  return database
}

async function health({ url }: SpawnedServer) {
  const response = await fetch(`${url}/api/health`)
  const { status, checks } = Health.parse(await response.json())
  return { http: response.status, status, sick: checks.flatMap(({ name, ok }) => (ok ? [] : [name])) }
}

const isWell = (server: SpawnedServer) =>
  vi.waitFor(async () => expect(await health(server)).toMatchObject({ http: 200, status: 'ok' }), patience)

/** Stops every process of a PostgreSQL where it stands. @returns how to let them go on */
async function stall(url: string, dataFolder: string): Promise<() => void> {
  const postmaster = await postmasterOf(dataFolder)
  const database = openOwn(url)
  await database.query('select 1')
  // First: what it starts from now on would not stand still.
  process.kill(postmaster, 'SIGSTOP')
  const { rows } = await database.query<{ pid: number }>('select pid from pg_stat_activity')
  const stopped = [postmaster, ...rows.map(({ pid }) => pid)]
  let isStalled = true
  const goOn = () => {
    if (isStalled) for (const pid of stopped) process.kill(pid, 'SIGCONT')
    isStalled = false
  }
  onTestFinished(goOn)
  for (const pid of stopped) process.kill(pid, 'SIGSTOP')
  return goOn
}

describe('a database that goes away', () => {
  test('default: health says so, devices come back by themselves, nothing is lost', { timeout: 120_000 }, async () => {
    const { dataFolder, start } = await createOwnPostgres()
    const postgres = await start()
    const server = await spawnOn(postgres.url, dataFolder)
    const volunteers = await startVolunteers(server.url, 2)
    await waitForMore(volunteers, 50)
    expect(await health(server)).toEqual({ http: 200, status: 'ok', sick: [] })

    await postgres.stop()
    expect(await health(server)).toMatchObject({ http: 503, status: 'unavailable' })
    const answer = await fetch(`${server.url}/api/jobs`)
    expect(Problem.parse(await answer.json()).code).toBe('DatabaseUnavailableError')
    expect(answer.headers.get('retry-after')).toBe('2')
    await vi.waitFor(() => expect(volunteers[0]?.getState().connection.kind).toBe('refused'), patience)

    expect((await start()).url).toBe(postgres.url)
    await isWell(server)
    await waitForMore(volunteers, 50)
    const database = openOwn(postgres.url)
    await invariantsHold(database, await finishAll(volunteers))
    await everyTaskComesAgain(database, server.url)
    expect(server.faults()).toEqual([])
  })

  test('behavior: one that stands still until the claims have ended counts nothing twice', {
    timeout: 120_000,
  }, async () => {
    const { dataFolder, start } = await createOwnPostgres()
    const { url } = await start()
    const servers = [await spawnOn(url, dataFolder), await spawnOn(url, dataFolder)] as const
    const volunteers = (await Promise.all(servers.map(server => startVolunteers(server.url, 2)))).flat()
    await waitForMore(volunteers, 100)
    const goOn = await stall(url, dataFolder)
    await Promise.all(
      servers.map(server =>
        vi.waitFor(async () => expect((await health(server)).sick).toEqual(['database', 'claims']), patience),
      ),
    )
    goOn()
    await Promise.all(servers.map(isWell))
    askAgain(volunteers)
    await waitForMore(volunteers, 100)
    const database = openOwn(url)
    await invariantsHold(database, await finishAll(volunteers))
    await everyTaskComesAgain(database, ...servers.map(server => server.url))
    for (const server of servers) expect(server.faults()).toEqual([])
  })

  test('behavior: the embedded PostgreSQL is started again when it was killed', { timeout: 120_000 }, async () => {
    const { dataFolder, start } = await createOwnPostgres()
    const { url, stop } = await start()
    await stop()
    const server = await spawnOn('', dataFolder)
    const volunteers = await startVolunteers(server.url, 2)
    await waitForMore(volunteers, 50)
    process.kill(await postmasterOf(dataFolder), 'SIGKILL')
    await waitForMore(volunteers, 100)
    const database = openOwn(url)
    await invariantsHold(database, await finishAll(volunteers))
    await everyTaskComesAgain(database, server.url)
    expect(server.faults()).toEqual([])
  })
})

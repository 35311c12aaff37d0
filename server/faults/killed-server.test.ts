import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Database } from '../db/database.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { everyTaskComesAgain } from '../testing/every-task-comes-again.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { seedSmallJobs } from '../testing/small-jobs.ts'
import { type SpawnedServer, spawnServer } from '../testing/spawn-server.ts'
import { startTcpProxy } from '../testing/tcp-proxy.ts'
import { askAgain, finishAll, startVolunteers, waitForMore } from '../testing/volunteers.ts'

const patience = { timeout: 30_000, interval: 50 }

const portOf = ({ url }: SpawnedServer): number => Number(new URL(url).port)

/** Servers that hold chunks. */
const ownersOf = async (database: Database) =>
  (await database.query('select distinct owner from chunks where sealed_at is null')).rows

async function createEnvironment() {
  const { url, database } = await createTestDatabase()
  const dataFolder = await createDataFolder()
  await seedSmallJobs(database, dataFolder, { chunkSize: 256 })
  return { database, environment: { DATABASE_URL: url, TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off' } }
}

describe('a server that is killed', () => {
  test('default: nothing acknowledged is lost, nothing counts twice, and devices carry on', {
    timeout: 120_000,
  }, async () => {
    const { database, environment } = await createEnvironment()
    let server: SpawnedServer = await spawnServer(environment)
    onTestFinished(() => server.end('SIGKILL'))
    const volunteers = await startVolunteers(server.url, 4)
    for (let kill = 0; kill < 3; kill++) {
      await waitForMore(volunteers, 100)
      await server.end('SIGKILL')
      server = await spawnServer({ ...environment, PORT: new URL(server.url).port })
      askAgain(volunteers)
    }
    await waitForMore(volunteers, 100)
    const acknowledged = await finishAll(volunteers)
    expect([...acknowledged.values()].reduce((sum, results) => sum + results, 0)).toBeGreaterThanOrEqual(400)
    // Chunks of the dead are claimed again when their claims have ended; then the books are whole.
    await invariantsHold(database, acknowledged)
    await everyTaskComesAgain(database, server.url)
  })
  test('behavior: another server takes over its chunks and its devices', { timeout: 120_000 }, async () => {
    const { database, environment } = await createEnvironment()
    const servers = [await spawnServer(environment), await spawnServer(environment)] as const
    onTestFinished(async () => void (await Promise.all(servers.map(server => server.end('SIGKILL')))))
    const line = await startTcpProxy(portOf(servers[0]), seededRandom(1))
    const volunteers = [
      ...(await startVolunteers(`http://127.0.0.1:${line.port}`, 2)),
      ...(await startVolunteers(servers[1].url, 2)),
    ]
    await waitForMore(volunteers, 100)
    await vi.waitFor(async () => expect(await ownersOf(database)).toHaveLength(2), patience)
    await servers[0].end('SIGKILL')
    line.lead(portOf(servers[1]))
    await vi.waitFor(async () => expect(await ownersOf(database)).toHaveLength(1), patience)
    askAgain(volunteers)
    await waitForMore(volunteers, 100)
    await invariantsHold(database, await finishAll(volunteers))
    await everyTaskComesAgain(database, servers[1].url)
    expect(servers[1].faults()).toEqual([])
  })
})

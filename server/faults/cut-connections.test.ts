import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Volunteer } from '../../workers/volunteer.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { everyTaskComesAgain } from '../testing/every-task-comes-again.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { seededRandom } from '../testing/seeded-random.ts'
import { seedSmallJobs } from '../testing/small-jobs.ts'
import { type SpawnedServer, spawnServer } from '../testing/spawn-server.ts'
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.ts'
import { askAgain, finishAll, startVolunteers, waitForMore } from '../testing/volunteers.ts'

/** Waits until a line has been cut so many times. Volunteers ask again at once: their patience is not what is tested. */
async function waitForCuts(line: TcpProxy, cuts: number, volunteers: readonly Volunteer[]): Promise<void> {
  await vi.waitFor(
    () => {
      askAgain(volunteers)
      expect(line.cuts).toBeGreaterThanOrEqual(cuts)
    },
    { timeout: 60_000, interval: 100 },
  )
}

/** A server that reaches its database through a line. */
async function spawnBehindLine() {
  const { url, database } = await createTestDatabase()
  const dataFolder = await createDataFolder()
  await seedSmallJobs(database, dataFolder, { chunkSize: 256 })
  const through = new URL(url)
  const line = await startTcpProxy(Number(through.port), seededRandom(2))
  through.port = `${line.port}`
  const environment = { DATABASE_URL: through.href, TIDEMILL_DATA: dataFolder, TIDEMILL_HOUSE_DEVICE: 'off' }
  const server: SpawnedServer = await spawnServer(environment)
  onTestFinished(() => server.end('SIGTERM'))
  return { database, line, server }
}

describe('connections that are cut at random', () => {
  test('default: between the server and its database, nothing acknowledged is lost', { timeout: 120_000 }, async () => {
    const { database, line, server } = await spawnBehindLine()
    const volunteers = await startVolunteers(server.url, 4)
    await waitForMore(volunteers, 50)
    line.cutWithin(40_000)
    await waitForCuts(line, 60, volunteers)
    line.cutWithin(undefined)
    askAgain(volunteers)
    await waitForMore(volunteers, 50)
    await invariantsHold(database, await finishAll(volunteers))
    await everyTaskComesAgain(database, server.url)
    expect(server.faults()).toEqual([])
  })

  test('behavior: between devices and the server, nothing acknowledged is lost', { timeout: 120_000 }, async () => {
    const { database, server } = await spawnBehindLine()
    const line = await startTcpProxy(Number(new URL(server.url).port), seededRandom(3))
    const volunteers = await startVolunteers(`http://127.0.0.1:${line.port}`, 4)
    await waitForMore(volunteers, 50)
    line.cutWithin(4_000)
    await waitForCuts(line, 100, volunteers)
    line.cutWithin(undefined)
    askAgain(volunteers)
    await waitForMore(volunteers, 50)
    await invariantsHold(database, await finishAll(volunteers))
    await everyTaskComesAgain(database, server.url)
    expect(server.faults()).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import type { Lease } from '../../protocol/work.ts'
import { finish, saying } from '../testing/device.ts'
import { acknowledgedToHands, exchange, type HandWorker, registerWorker } from '../testing/hand-work.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { seededRandom, shuffled, wholeBelow } from '../testing/seeded-random.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { establish, ok } from '../testing/wire.ts'

describe('reports that come again, in any order', () => {
  test('default: sent many times at once to two servers, each result counts once', { timeout: 60_000 }, async () => {
    const random = seededRandom(5)
    const server = await startTestServer({ smallJobs: { chunkSize: 256 } })
    const other = await startTestServer({ databaseUrl: server.databaseUrl })
    const workers: HandWorker[] = []
    for (let worker = 0; worker < 6; worker++) workers.push(await registerWorker(server.url))
    await establish(server, ...workers.map(({ device }) => device))
    const urls = [server.url, other.url]

    async function reportAll(worker: HandWorker): Promise<void> {
      const leases: Lease[] = []
      for (const url of [...urls, ...urls])
        leases.push(...(await ok(await worker.device.work({ lanes: 1 + wholeBelow(random, 64) }, url))).leases)
      const mixed = shuffled(leases, random)
      for (let at = 0; at < mixed.length; ) {
        const part = mixed.slice(at, at + 1 + wholeBelow(random, 64))
        at += part.length
        const sendings = [...urls, ...urls, ...urls].map(async url => {
          const finished = shuffled(part, random).map(({ lease }) => finish(lease, saying(1)))
          return ok(await worker.device.work({ finished }, url))
        })
        for (const { stored } of await Promise.all(sendings)) expect(stored).toBe(part.length)
        worker.stored += part.length
      }
    }

    for (let round = 0; round < 3; round++) await Promise.all(workers.map(reportAll))
    await invariantsHold(server.database, acknowledgedToHands(workers))
    await exchange(workers[0] as HandWorker, [])
  })
})

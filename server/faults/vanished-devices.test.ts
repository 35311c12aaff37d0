import { describe, expect, test, vi } from 'vitest'
import type { Lease } from '../../protocol/work.ts'
import {
  acknowledgedToHands,
  exchange,
  type HandWorker,
  registerWorker,
  signAgain,
  workUntil,
} from '../testing/hand-work.ts'
import { invariantsHold } from '../testing/invariants.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { establish, judged } from '../testing/wire.ts'

const devices = 1000
const leasesEach = 4
const patience = { timeout: 20_000, interval: 50 }

describe('devices that vanish', () => {
  test('default: what a thousand took with them comes back after the lease’s time, and others finish it', {
    timeout: 120_000,
  }, async () => {
    const clock = { ahead: 0 }
    const server = await startTestServer({ smallJobs: { chunkSize: 256 }, now: () => Date.now() + clock.ahead })
    const taken: Lease[] = []
    async function vanish(): Promise<void> {
      const worker = await registerWorker(server.url)
      let leases: readonly Lease[] = []
      await vi.waitFor(async () => {
        leases = [...leases, ...(await exchange(worker, [], { lanes: leasesEach - leases.length }))]
        expect(leases).toHaveLength(leasesEach)
      }, patience)
      taken.push(...leases)
    }
    for (let crowd = 0; crowd < devices / 100; crowd++) await Promise.all(Array.from({ length: 100 }, vanish))
    const lost = new Set(taken.map(({ taskId }) => taskId))
    expect(lost.size).toBe(devices * leasesEach)

    const finishers = [await registerWorker(server.url), await registerWorker(server.url)] as const
    await establish(server, ...finishers.map(({ device }) => device))
    clock.ahead = Math.max(...taken.map(({ expiresAt }) => Date.parse(expiresAt))) - Date.now()
    for (const finisher of finishers) await signAgain(finisher, server.url)
    const lastLost = Math.max(...taken.map(({ taskId }) => Number(taskId.split('-').at(-1))))
    const isDone = async () => {
      const { rows } = await server.database.query<{ judged: number; cut: number }>(
        `select sum(accepted)::int as judged, sum(hi - lo)::int as cut from chunks where lo <= $1`,
        [lastLost],
      )
      return rows[0]?.judged === rows[0]?.cut
    }
    await Promise.all(finishers.map(finisher => workUntil(finisher, isDone)))
    for (const taskId of [...lost].slice(0, 20))
      expect(await judged(server, taskId)).toMatchObject({ state: 'accepted' })
    await invariantsHold(server.database, acknowledgedToHands(finishers as unknown as HandWorker[]))
  })
})

import { expect, vi } from 'vitest'
import { type Lease, workLimits } from '../../protocol/work.ts'
import type { Database } from '../db/database.ts'
import { listJobs } from '../db/jobs.ts'
import { type ChunkKey, readChunkVotes } from '../db/read-chunk.ts'
import { foldLog } from '../domain/fold-log.ts'
import { registerDevice } from './device.ts'
import { establish, ok } from './wire.ts'

const patience = { timeout: 30_000, interval: 200 }

/** Tasks without a verdict of the chunks that have been cut. */
async function findPending(database: Database): Promise<Set<string>> {
  const pending = new Set<string>()
  for (const { id, policy } of await listJobs(database)) {
    const { rows } = await database.query<ChunkKey & { hi: bigint }>(
      'select job_id as "jobId", lo, hi from chunks where job_id = $1 and sealed_at is null',
      [id],
    )
    for (const { hi, ...key } of rows) {
      for (let index = key.lo; index < hi; index++) pending.add(`${id}-${index}`)
      for (const { offset, task } of foldLog(await readChunkVotes(database, key), policy))
        if (task.judgement.state !== 'pending') pending.delete(`${id}-${key.lo + BigInt(offset)}`)
    }
  }
  return pending
}

/**
 * No lease is held for ever, and no task forgotten: those of the servers at `urls` together hand out every task that
 * has no verdict. All leases are given back in the end.
 */
export async function everyTaskComesAgain(database: Database, ...urls: readonly string[]): Promise<void> {
  const left = await findPending(database)
  expect(left.size).toBeGreaterThan(0)
  const giveBack: (() => Promise<unknown>)[] = []
  await vi.waitFor(async () => {
    for (const url of urls) {
      const device = await registerDevice(url)
      await establish({ database }, device)
      let leases: readonly Lease[] = []
      do {
        leases = (await ok(await device.work({ lanes: workLimits.leasesPerRequest }))).leases
        for (const { taskId } of leases) left.delete(taskId)
        const body = { leases: leases.map(({ lease }) => lease) }
        giveBack.push(() => device.request('POST', '/api/leases/return', body))
      } while (leases.length > 0 && left.size > 0)
    }
    expect(left.size).toBe(0)
  }, patience)
  for (const give of giveBack) await give()
}

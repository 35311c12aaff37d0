import { describe, expect, test, vi } from 'vitest'
import { exchange, registerWorker, workUntil } from './hand-work.ts'
import { checkInvariants, invariantsHold } from './invariants.ts'
import { startTestServer } from './start-test-server.ts'
import { establish } from './wire.ts'

const patience = { timeout: 20_000, interval: 50 }

class RollBack extends Error {}

/** What no fault may ever do. */
const harm: Readonly<Record<string, string>> = {
  'a result that was acknowledged is gone': `delete from log where (job_id, lo, seq) in (
    select job_id, lo, max(seq) from log group by job_id, lo limit 1)`,
  'a log has a gap': 'update log set seq = seq + 1 where seq = (select max(seq) from log)',
  'the inbox has something left': `insert into inbox (job_id, lo, entries) select job_id, lo, '' from chunks limit 1`,
  'a verdict counts twice': 'update chunks set accepted = accepted + 1 where sealed_at is null and accepted > 0',
  'a sealed chunk counts twice': 'update job_progress set accepted = accepted * 2',
  'a summary says what nobody returned': `update job_progress set summary = '[{"start":"1","steps":"2"}]'`,
  'a segment is lost': 'delete from segments',
  'a segment is not what its name says': `update segments set digest = ''`,
  'a sealed chunk has a log': `insert into log select job_id, lo, 0, '' from segments limit 1`,
  'a chunk is missing': 'delete from chunks where lo = (select max(lo) from chunks)',
  'a result is paid for twice': 'update contributions set micro_credits = micro_credits * 2',
  'an account has what it did not do': 'update contributions set returned = returned + 1',
  'more is forfeited than was earned': 'update contributions set forfeited = micro_credits + 1',
  'a check counts twice': 'update records set passed = passed + 1',
  'the network has seen more than was returned': 'update activity set returned = returned + 1',
}

describe('checkInvariants', () => {
  test('default: holds where nothing is wrong, and says where anything is', async () => {
    const server = await startTestServer({ smallJobs: { chunkSize: 256 } })
    const { database } = server
    const workers = [await registerWorker(server.url), await registerWorker(server.url)]
    await establish(server, ...workers.map(({ device }) => device))
    const isSealed = async () => (await database.query('select 1 from segments')).rows.length > 0
    await Promise.all(workers.map(worker => workUntil(worker, isSealed)))
    await vi.waitFor(async () => {
      for (const worker of workers) await exchange(worker, await exchange(worker, [], { lanes: 8 }), { lanes: 0 })
      const { rows } = await database.query(
        'select 1 from chunks where sealed_at is null and accepted between 1 and hi - lo - 20',
      )
      expect(rows).not.toEqual([])
    }, patience)
    await server.stop()
    const acknowledged = new Map(workers.map(({ device, stored }) => [`${device.session.accountId}`, stored]))
    await invariantsHold(database, acknowledged)

    for (const [what, statement] of Object.entries(harm)) {
      const harmed = database.transaction(async client => {
        await client.query(statement)
        await expect(checkInvariants(client, acknowledged), what).rejects.toThrow()
        throw new RollBack()
      })
      await expect(harmed, what).rejects.toThrow(RollBack)
    }
    for (const [accountId, results] of acknowledged) {
      const one = new Map([[accountId, results + 1]])
      await expect(checkInvariants(database, one)).rejects.toThrow()
    }
    await checkInvariants(database, acknowledged)
  })
})

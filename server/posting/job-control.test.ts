import { describe, expect, test, vi } from 'vitest'
import { Policy } from '../../protocol/jobs.ts'
import type { Lease } from '../../protocol/work.ts'
import { finish, registerDevice, saying } from '../testing/device.ts'
import {
  compute,
  echoOf,
  jobDetail,
  jobInState,
  leaseSome,
  startForPosting,
  taskInputOf,
} from '../testing/posted-job.ts'
import { beginTrial, countingTo, echoKernel, outcomeOf, postJob, tryProgram } from '../testing/posting.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { establish, ok, refused } from '../testing/wire.ts'

describe('POST /api/jobs/:id/…', () => {
  test('behavior: a paused job hands out nothing, a canceled one takes nothing any more', async () => {
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(99n))
    const id = await postJob(poster, trial)
    const device = await registerDevice(server.url)
    await establish(server, device)
    const [first, second] = await leaseSome(device, 2)
    const move = async (what: string) => (await poster.request('POST', `/api/jobs/${id}/${what}`)).status
    expect(await move('pause')).toBe(204)
    expect((await ok(await device.work({ lanes: 2 }))).leases).toEqual([])
    await compute(device, [first as Lease])
    expect(await move('resume')).toBe(204)
    await leaseSome(device, 1)
    expect(await move('cancel')).toBe(204)
    await refused(
      await device.work({ finished: [finish((second as Lease).lease, echoOf(second as Lease))] }),
      409,
      'LeaseLostError',
    )
    await refused(await poster.request('POST', `/api/jobs/${id}/resume`), 409, 'JobStateError')
    // Its chunk is sealed with what it has.
    await vi.waitFor(async () => {
      const { rows } = await server.database.query('select 1 from chunks where sealed_at is null')
      expect(rows).toEqual([])
    }, 10_000)
    // Leases of a job that the server has let go of are lost together, not one a request.
    await vi.waitFor(async () => {
      const late = [first as Lease, second as Lease]
      const answer = await device.work({ finished: late.map(lease => finish(lease.lease, echoOf(lease))) })
      const { leases } = await refused(answer, 409, 'LeaseLostError')
      expect(leases).toEqual(late.map(({ lease }) => lease))
    }, 10_000)
  })

  test('behavior: a job that cannot be read holds up no other', async () => {
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const broken = await postJob(poster, trial)
    await server.database.query(`update jobs set parameters = '{}' where id = $1`, [broken])
    // One that has not loaded the job before it broke.
    const second = await startTestServer({ databaseUrl: server.databaseUrl, dataFolder: server.dataFolder })
    await vi.waitFor(() => expect(`${second.logged}`).toMatch(/could not be loaded/), 10_000)
    const next = await registerDevice(second.url)
    const parameters = { from: '1', to: '4000', startsPerTask: 1000 }
    const whole = await beginTrial(next, { kernel: { kind: 'builtIn', id: 'collatz-records' }, parameters })
    expect(await outcomeOf(next, whole)).toMatchObject({ kind: 'passed' })
    const id = await postJob(next, whole)
    expect((await leaseSome(next, 1)).map(({ jobId }) => jobId)).toEqual([id])
  })

  test('behavior: a server takes results of a job that it hears of by them', async () => {
    const { server, poster } = await startForPosting()
    const second = await startTestServer({ databaseUrl: server.databaseUrl })
    const parameters = { from: '1', to: '4000', startsPerTask: 1000 }
    const trial = await beginTrial(poster, { kernel: { kind: 'builtIn', id: 'collatz-records' }, parameters })
    expect(await outcomeOf(poster, trial)).toMatchObject({ kind: 'passed' })
    const device = await registerDevice(server.url)
    await postJob(poster, trial)
    const [lease] = await leaseSome(device, 1)
    const finished = [finish((lease as Lease).lease, saying(7))]
    await ok(await device.work({ finished }, second.url))
  })

  test('behavior: failed tasks run again as a job of their own', async () => {
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const id = await postJob(poster, trial)
    const [one, other] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, one, other)
    for (const device of [one, other]) {
      const finished = (await leaseSome(device, 4)).map(lease => {
        const { index } = taskInputOf(lease)
        const report = finish(lease.lease, echoOf(lease))
        const failed = { kind: 'failed', reason: 'The kernel trapped.' } as const
        return index === '1' || index === '3' ? { ...report, outcome: failed } : report
      })
      await ok(await device.work({ finished }))
    }
    expect(await jobInState(server, id, 'finished')).toMatchObject({ accepted: '2', failed: '2' })
    const rerun = (await (await poster.request('POST', `/api/jobs/${id}/rerun`)).json()) as { id: string }
    expect(await jobDetail(server, rerun.id)).toMatchObject({ rerunOf: id, tasks: '2' })
    expect((await jobDetail(server, id)).reruns).toEqual([rerun.id])
    const again = await refused(await poster.request('POST', `/api/jobs/${id}/rerun`), 409, 'JobStateError')
    expect(again.detail).toBe(`Failed tasks of job ${id} run again already, as job ${rerun.id}. Wait until it is over.`)
    const leases = await leaseSome(one, 2)
    expect(leases.map(lease => taskInputOf(lease).index).sort()).toEqual(['1', '3'])
  })

  test('behavior: a job stops where its budget or its time ends', async () => {
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const id = await postJob(poster, trial)
    await server.database.query('update jobs set budget = micro_credits * 2 where id = $1', [id])
    const [one, other] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, one, other)
    await compute(one, (await leaseSome(one, 1)).slice(0, 1))
    await compute(other, (await leaseSome(other, 1)).slice(0, 1))
    await jobInState(server, id, 'outOfBudget')
    expect((await ok(await one.work({ lanes: 1 }))).leases).toEqual([])
    await server.database.query(`update jobs set deadline = now() - interval '1 second' where id = $1`, [id])
    await jobInState(server, id, 'overdue')
  })

  test('behavior: no request gets more than the budget pays for, and what is left over stops the job', async () => {
    const { server, poster } = await startForPosting()
    const { trial, outcome } = await tryProgram(server, poster, echoKernel, countingTo(2n))
    if (outcome.kind !== 'passed') throw new Error(JSON.stringify(outcome))
    const policy = Policy.parse({ minReplicas: 1, confidence: 0.999999 })
    const id = await postJob(poster, trial, { policy, budgetCredits: outcome.creditPerTask * 3 })
    const [one, other] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, one, other)
    const leases = await leaseSome(one, 3)
    expect((await ok(await other.work({ lanes: 9 }))).leases).toEqual([])
    await compute(one, leases)
    // Three answers wait for a second opinion, and the budget would not pay for one.
    expect((await ok(await other.work({ lanes: 9 }))).leases).toEqual([])
    expect((await jobInState(server, id, 'outOfBudget')).spentCredits).toBe(0)
  })

  test('error: somebody else’s job', async () => {
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const id = await postJob(poster, trial)
    const stranger = await registerDevice(server.url)
    for (const what of ['pause', 'resume', 'cancel', 'rerun'])
      await refused(await stranger.request('POST', `/api/jobs/${id}/${what}`), 403, 'NotYoursError')
    await refused(await poster.request('POST', '/api/jobs/999/cancel'), 404, 'NotFoundError')
  })
})

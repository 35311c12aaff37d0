import { describe, expect, test, vi } from 'vitest'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { JobDetail, Policy } from '../../protocol/jobs.ts'
import { Posting, Trial } from '../../protocol/posting.ts'
import { TaskInput } from '../../protocol/program.ts'
import type { Lease } from '../../protocol/work.ts'
import { assembleKernel } from '../../workers/testing/assemble.ts'
import { finish, registerDevice, saying, type TestDevice } from '../testing/device.ts'
import {
  beginTrial,
  countingTo,
  echoKernel,
  outcomeOf,
  postJob,
  requestJob,
  store,
  tryProgram,
} from '../testing/posting.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { establish, ok, refused } from '../testing/wire.ts'

/** Passes inspection, and adds what is not there. */
const addingNothing = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1],
  ...[7, 19, 2, 6, ...new TextEncoder().encode('memory'), 2, 0, 6, ...new TextEncoder().encode('_start'), 0, 0],
  ...[10, 5, 1, 3, 0, 0x6a, 0x0b],
])

/** An empty server takes its work from posted jobs alone. */
async function start() {
  const server = await startTestServer()
  await server.database.query(`update jobs set state = 'canceled'`)
  return { server, poster: await registerDevice(server.url) }
}

const detail = async ({ url }: TestServer, id: string): Promise<JobDetail> =>
  JobDetail.parse(await (await fetch(`${url}/api/jobs/${id}`)).json())

const inState = (server: TestServer, id: string, state: JobDetail['state']): Promise<JobDetail> =>
  vi.waitFor(
    async () => {
      const job = await detail(server, id)
      expect(job.state).toBe(state)
      return job
    },
    { timeout: 20_000, interval: 50 },
  )

/** Leases until there are so many. */
const leaseSome = (device: TestDevice, count: number): Promise<readonly Lease[]> =>
  vi.waitFor(
    async () => {
      const { leases } = await ok(await device.work({ lanes: count }))
      expect(leases).toHaveLength(count)
      return leases
    },
    { timeout: 20_000, interval: 50 },
  )

const taskOf = ({ input }: Lease): TaskInput =>
  TaskInput.parse(JSON.parse(new TextDecoder().decode(fromBase64Url(input))))
const echoOf = (lease: Lease): Uint8Array => {
  const { piece } = taskOf(lease)
  return fromBase64Url(piece.kind === 'bytes' ? piece.bytes : '')
}

/** Computes what it is given, and reports it. @param output what it says of a lease */
async function compute(device: TestDevice, leases: readonly Lease[], output = echoOf): Promise<void> {
  await ok(await device.work({ finished: leases.map(lease => finish(lease.lease, output(lease))) }))
}

describe('POST /api/jobs', () => {
  test('default: a program is tried, posted, computed by two and finished', async () => {
    const { server, poster } = await start()
    const { trial, outcome } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    expect(trial.tasks).toBe('4')
    if (outcome.kind !== 'passed') throw new Error(JSON.stringify(outcome))
    expect(Number((outcome.creditPerTask * 1e6).toFixed(6)) % 1).toBe(0)
    expect(outcome.samples.map(({ index, outputBytes }) => [index, outputBytes])).toEqual([
      ['0', 16],
      ['2', 16],
      ['3', 16],
    ])
    const id = await postJob(poster, trial, { title: 'Count to three' })
    const [one, other] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, one, other)
    for (const device of [one, other]) {
      const leases = await leaseSome(device, 4)
      expect(new Set(leases.map(({ jobId, kernelId }) => `${jobId} ${kernelId}`))).toEqual(new Set([`${id} program`]))
      await compute(device, leases)
    }
    const job = await inState(server, id, 'finished')
    expect(job).toMatchObject({ title: 'Count to three', accepted: '4', posterId: poster.session.accountId })
    expect(job.spentCredits).toBeCloseTo(8 * job.creditPerTask, 5)
  })

  test('behavior: the same check again, also at the same moment, gives the same job', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const ids = await Promise.all([postJob(poster, trial), postJob(poster, trial), postJob(poster, trial)])
    expect(new Set(ids).size).toBe(1)
    expect(await postJob(poster, trial)).toBe(ids[0])
  })

  test('behavior: a job of a million million tasks is one row, where its budget covers it', async () => {
    const { server, poster } = await start()
    const parameters = { from: '1', to: '1000000000000000', startsPerTask: 1000 }
    const trial = await beginTrial(poster, { kernel: { kind: 'builtIn', id: 'collatz-records' }, parameters })
    expect(await outcomeOf(poster, trial)).toMatchObject({ kind: 'passed' })
    // A millionth of a credit for each of two replicas.
    const problem = await refused(
      await requestJob(poster, trial, { budgetCredits: 1_999_999 }),
      400,
      'InvalidRequestError',
    )
    expect(problem.detail).toBe('budgetCredits: expected at least 2000000, for all tasks and 2 replicas of each.')
    const id = await postJob(poster, trial, { budgetCredits: 2_000_000 })
    expect(await detail(server, id)).toMatchObject({
      kernelId: 'collatz-records',
      tasks: '1000000000000',
      state: 'active',
    })
    const { rows } = await server.database.query('select 1 from chunks where job_id = $1', [id])
    expect(rows.length).toBeLessThan(100)
  })

  test('error: what a check found, or is still finding, makes no job', async () => {
    const { server, poster } = await start()
    const { trial, outcome } = await tryProgram(
      server,
      poster,
      { step: 'export function step(budget: i32): i32 { unreachable(); return 0 }' },
      countingTo(3n),
    )
    expect(outcome).toMatchObject({ kind: 'failed', index: '0', reason: 'The kernel trapped.' })
    await refused(await requestJob(poster, trial), 409, 'JobStateError')
    const stranger = await registerDevice(server.url)
    await refused(await requestJob(stranger, trial), 404, 'NotFoundError')
    expect(Posting.parse(await (await poster.request('GET', '/api/posting')).json())).toMatchObject({
      sponsored: 'on',
      openJobs: { used: 0 },
      jobs: [],
    })
  })

  test('behavior: who has no account reads what a newcomer may post', async () => {
    for (const sponsoredJobs of [true, false]) {
      const server = await startTestServer({ sponsoredJobs })
      const answer = await fetch(`${server.url}/api/posting`)
      expect(Posting.parse(await answer.json())).toMatchObject({
        sponsored: sponsoredJobs ? 'on' : 'off',
        openJobs: { used: 0 },
        jobs: [],
      })
      await refused(
        await fetch(`${server.url}/api/posting`, { headers: { authorization: 'Bearer x' } }),
        401,
        'UnauthorizedError',
      )
    }
  })

  test('error: terms that cannot be kept', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const wrong = [
      { deadline: '2020-01-01T00:00:00Z' },
      { budgetCredits: 1e-7 },
      { policy: { confidence: 0.9, minReplicas: 3, maxReplicas: 2, compare: { kind: 'exact' } } },
      { policy: { confidence: 0.9, compare: { kind: 'tolerance', elementType: 'float32', absolute: 1, relative: 0 } } },
      { merge: { kind: 'kernel', digest: 'ab'.repeat(32) } },
      { title: ' ' },
      { title: 'NUL \0' },
      { description: 'half of a character: \ud83d' },
      { budgetCredits: 1e308 },
    ]
    for (const terms of wrong)
      await refused(await requestJob(poster, trial, terms as object), 400, 'InvalidRequestError')
  })

  test('error: a module that merges and that no engine takes: devices would give up for it', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const digest = await store(server, poster, addingNothing)
    const problem = await refused(
      await requestJob(poster, trial, { merge: { kind: 'kernel', digest } }),
      400,
      'InvalidRequestError',
    )
    expect(problem.detail).toMatch(/^merge.digest: The module is no valid WebAssembly/)
    const valid = await store(server, poster, await assembleKernel(echoKernel))
    await postJob(poster, trial, { merge: { kind: 'kernel', digest: valid } })
  })

  test('error: a budget beyond what an account may have', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const problem = await refused(await requestJob(poster, trial, { budgetCredits: 1e9 }), 403, 'QuotaExceededError')
    expect(problem.detail).toMatch(/budget credits/)
  })
})

describe('POST /api/trials', () => {
  test('behavior: a program whose answer depends on where its steps fall is not reproducible', async () => {
    const { server, poster } = await start()
    const { outcome } = await tryProgram(
      server,
      poster,
      {
        extra: 'const at = memory.data(8)\nlet units: i32 = 0\nlet least: i32 = 2147483647',
        step: `export function step(budget: i32): i32 {
          units += budget
          least = min(least, budget)
          return units < 5000 ? 1 : 0
        }`,
        output: 'export function output(): i64 { store<i32>(at, least); return (i64(at) << 32) | 8 }',
      },
      countingTo(3n),
    )
    expect(outcome).toMatchObject({ kind: 'different', index: '0', firstDifference: 0 })
  })

  test('error: more at the same moment than an account may have', async () => {
    const { server, poster } = await start()
    // A sandbox has to start before any of them can end.
    const kernel = { kind: 'upload', digest: await store(server, poster, await assembleKernel(echoKernel)) } as const
    const begin = () => poster.request('POST', '/api/trials', { kernel, parameters: countingTo(3n) })
    const statuses = (await Promise.all(Array.from({ length: 8 }, begin))).map(({ status }) => status)
    expect(statuses.filter(status => status === 200)).toHaveLength(2)
    expect(statuses.filter(status => status === 429)).toHaveLength(6)
  })

  test('error: parameters that are none are refused at once', async () => {
    const { poster } = await start()
    const kernel = { kind: 'upload', digest: 'ab'.repeat(32) } as const
    const nul = { ...countingTo(3n), kind: 'wasi', arguments: ['a\0b'] }
    const from9 = { ...countingTo(3n), split: { kind: 'range', from: '9', to: '3', size: '1' } }
    for (const parameters of [{}, from9, nul])
      await refused(await poster.request('POST', '/api/trials', { kernel, parameters }), 400, 'InvalidRequestError')
    const builtIn = { kind: 'builtIn', id: 'nothing' } as const
    await refused(
      await poster.request('POST', '/api/trials', { kernel: builtIn, parameters: {} }),
      400,
      'InvalidRequestError',
    )
  })

  test('error: a module whose names no database takes', async () => {
    const { server, poster } = await start()
    // Imports a function `\0` of the module `e`.
    const bytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, 7, 1, 1, 0x65, 1, 0, 0, 0])
    const { outcome } = await tryProgram(server, poster, bytes, countingTo(3n))
    expect(outcome).toMatchObject({ kind: 'refused', reason: /^The module imports e.\uFFFD, which no device offers/ })
  })

  test('error: a check whose server has died is over soon, and may be begun again', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const askAfter = async (seconds: number) => {
      await server.database.query(
        `update trials set outcome = null, done = 2, seen_at = now() - make_interval(secs => $1)`,
        [seconds],
      )
      return Trial.parse(await (await poster.request('GET', `/api/trials/${trial.id}`)).json())
    }
    expect(await askAfter(10)).toMatchObject({ progress: { done: 2, of: 6 } })
    expect((await askAfter(60)).outcome).toEqual({
      kind: 'refused',
      reason: 'The server that ran the check is gone. Run the check again.',
    })
  })

  test('error: a program that is not stored', async () => {
    const { poster } = await start()
    const kernel = { kind: 'upload', digest: 'ab'.repeat(32) } as const
    const trial = await beginTrial(poster, { kernel, parameters: countingTo(3n) } as Parameters<typeof beginTrial>[1])
    expect(await outcomeOf(poster, trial)).toMatchObject({ kind: 'refused', reason: /is not stored/ })
  })

  test('error: files that have other sizes than their list says', async () => {
    const { server, poster } = await start()
    const bytes = 5
    const digest = await store(server, poster, new TextEncoder().encode('five!!'))
    const files = [{ path: 'one', digest, bytes }]
    const list = await store(server, poster, new TextEncoder().encode(JSON.stringify(files)))
    const { outcome } = await tryProgram(server, poster, echoKernel, {
      ...countingTo(3n),
      split: { kind: 'files', list, count: '1' },
    })
    expect(outcome).toEqual({ kind: 'refused', reason: `The blob ${digest} has 6 bytes, not 5.` })
  })

  test('error: a file that is too large for a module is not read', async () => {
    const { server, poster } = await start()
    const { outcome } = await tryProgram(server, poster, new Uint8Array((16 << 20) + 1), countingTo(3n))
    expect(outcome).toMatchObject({ kind: 'refused', reason: /^The module of 16777217 bytes is over the cap/ })
  })

  test('error: an unknown placeholder is named', async () => {
    const { server, poster } = await start()
    const { outcome } = await tryProgram(server, poster, echoKernel, {
      ...countingTo(3n),
      kind: 'wasi',
      arguments: ['{form}'],
    })
    expect(outcome).toMatchObject({ kind: 'refused' })
  })
})

describe('POST /api/jobs/:id/…', () => {
  test('behavior: a paused job hands out nothing, a canceled one takes nothing any more', async () => {
    const { server, poster } = await start()
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
    const { server, poster } = await start()
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
    const { server, poster } = await start()
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
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const id = await postJob(poster, trial)
    const [one, other] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, one, other)
    for (const device of [one, other]) {
      const finished = (await leaseSome(device, 4)).map(lease => {
        const { index } = taskOf(lease)
        const report = finish(lease.lease, echoOf(lease))
        const failed = { kind: 'failed', reason: 'The kernel trapped.' } as const
        return index === '1' || index === '3' ? { ...report, outcome: failed } : report
      })
      await ok(await device.work({ finished }))
    }
    expect(await inState(server, id, 'finished')).toMatchObject({ accepted: '2', failed: '2' })
    const rerun = (await (await poster.request('POST', `/api/jobs/${id}/rerun`)).json()) as { id: string }
    expect(await detail(server, rerun.id)).toMatchObject({ rerunOf: id, tasks: '2' })
    expect((await detail(server, id)).reruns).toEqual([rerun.id])
    const again = await refused(await poster.request('POST', `/api/jobs/${id}/rerun`), 409, 'JobStateError')
    expect(again.detail).toBe(`Failed tasks of job ${id} run again already, as job ${rerun.id}. Wait until it is over.`)
    const leases = await leaseSome(one, 2)
    expect(leases.map(lease => taskOf(lease).index).sort()).toEqual(['1', '3'])
  })

  test('behavior: a job stops where its budget or its time ends', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const id = await postJob(poster, trial)
    await server.database.query('update jobs set budget = micro_credits * 2 where id = $1', [id])
    const [one, other] = [await registerDevice(server.url), await registerDevice(server.url)]
    await establish(server, one, other)
    await compute(one, (await leaseSome(one, 1)).slice(0, 1))
    await compute(other, (await leaseSome(other, 1)).slice(0, 1))
    await inState(server, id, 'outOfBudget')
    expect((await ok(await one.work({ lanes: 1 }))).leases).toEqual([])
    await server.database.query(`update jobs set deadline = now() - interval '1 second' where id = $1`, [id])
    await inState(server, id, 'overdue')
  })

  test('behavior: no request gets more than the budget pays for, and what is left over stops the job', async () => {
    const { server, poster } = await start()
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
    expect((await inState(server, id, 'outOfBudget')).spentCredits).toBe(0)
  })

  test('error: somebody else’s job', async () => {
    const { server, poster } = await start()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const id = await postJob(poster, trial)
    const stranger = await registerDevice(server.url)
    for (const what of ['pause', 'resume', 'cancel', 'rerun'])
      await refused(await stranger.request('POST', `/api/jobs/${id}/${what}`), 403, 'NotYoursError')
    await refused(await poster.request('POST', '/api/jobs/999/cancel'), 404, 'NotFoundError')
  })
})

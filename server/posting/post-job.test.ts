import { describe, expect, test } from 'vitest'
import { Posting } from '../../protocol/posting.ts'
import { assembleKernel } from '../../workers/testing/assemble.ts'
import { registerDevice } from '../testing/device.ts'
import { compute, jobDetail, jobInState, leaseSome, startForPosting } from '../testing/posted-job.ts'
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
import { startTestServer } from '../testing/start-test-server.ts'
import { establish, refused } from '../testing/wire.ts'

/** Passes inspection, and adds what is not there. */
const addingNothing = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1],
  ...[7, 19, 2, 6, ...new TextEncoder().encode('memory'), 2, 0, 6, ...new TextEncoder().encode('_start'), 0, 0],
  ...[10, 5, 1, 3, 0, 0x6a, 0x0b],
])

describe('POST /api/jobs', () => {
  test('default: a program is tried, posted, computed by two and finished', async () => {
    const { server, poster } = await startForPosting()
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
    const job = await jobInState(server, id, 'finished')
    expect(job).toMatchObject({ title: 'Count to three', accepted: '4', posterId: poster.session.accountId })
    expect(job.spentCredits).toBeCloseTo(8 * job.creditPerTask, 5)
  })

  test('behavior: the same check again, also at the same moment, gives the same job', async () => {
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const ids = await Promise.all([postJob(poster, trial), postJob(poster, trial), postJob(poster, trial)])
    expect(new Set(ids).size).toBe(1)
    expect(await postJob(poster, trial)).toBe(ids[0])
  })

  test('behavior: a job of a million million tasks is one row, where its budget covers it', async () => {
    const { server, poster } = await startForPosting()
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
    expect(await jobDetail(server, id)).toMatchObject({
      kernelId: 'collatz-records',
      tasks: '1000000000000',
      state: 'active',
    })
    const { rows } = await server.database.query('select 1 from chunks where job_id = $1', [id])
    expect(rows.length).toBeLessThan(100)
  })

  test('error: what a check found, or is still finding, makes no job', async () => {
    const { server, poster } = await startForPosting()
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
    const { server, poster } = await startForPosting()
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
    const { server, poster } = await startForPosting()
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
    const { server, poster } = await startForPosting()
    const { trial } = await tryProgram(server, poster, echoKernel, countingTo(3n))
    const problem = await refused(await requestJob(poster, trial, { budgetCredits: 1e9 }), 403, 'QuotaExceededError')
    expect(problem.detail).toMatch(/budget credits/)
  })
})

import { describe, expect, test } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import type { TrialOutcome } from '../../protocol/posting.ts'
import { digestOf } from '../blobs/blob-store.ts'
import { registerDevice } from '../testing/device.ts'
import { command, type HostileProgram, hostilePrograms } from '../testing/hostile-programs.ts'
import { postJob, requestJob, tenTasks, tryProgram } from '../testing/posting.ts'
import { startTestServer, type TestServer } from '../testing/start-test-server.ts'
import { storeBlob } from '../testing/store-blob.ts'

const capMs = 2000
const start = () => startTestServer({ trialCapMs: capMs })

const healthy = () => command('store<u8>(page, 42); print(1)')
const healthyDigest = digestOf(Buffer.from([42]))

const isRefused = ({ expected }: HostileProgram): boolean => expected.kind === 'refused'

function expectOutcome({ name, expected }: HostileProgram, outcome: TrialOutcome): void {
  expect(outcome, name).toMatchObject({ kind: expected.kind })
  if (expected.kind === 'passed') return
  const reason = 'reason' in outcome ? outcome.reason : ''
  expect(reason, name).toMatch(expected.reason)
  expect(reason, name).toMatch(/^[A-Z].*\.$/)
}

const digestsOf = (outcome: TrialOutcome): string[] =>
  outcome.kind === 'passed' ? outcome.samples.map(({ outputDigest }) => outputDigest) : []

async function countJobs({ database }: TestServer): Promise<number> {
  const { rows } = await database.query<{ jobs: string }>('select count(*) as jobs from jobs', [])
  return Number(rows[0]?.jobs)
}

const problemOf = async (response: Response): Promise<Problem> => Problem.parse(await response.json())

describe('hostile programs', () => {
  test('error: those that no device may run are refused by a sentence, and nothing is left of them', async () => {
    const server = await start()
    const poster = await registerDevice(server.url)
    const jobs = await countJobs(server)
    for (const program of hostilePrograms.filter(isRefused)) {
      const { trial, outcome } = await tryProgram(server, poster, await program.build(), tenTasks)
      expectOutcome(program, outcome)
      const posted = await requestJob(poster, trial)
      expect(posted.status, program.name).toBe(409)
    }
    expect(await countJobs(server)).toBe(jobs)
  })

  test('error: those that misbehave end alone, in their time, and whoever is tried beside them notices nothing', async () => {
    const server = await start()
    const [poster, neighbour] = [await registerDevice(server.url), await registerDevice(server.url)]
    const neighbours = await healthy()
    const jobs = await countJobs(server)
    for (const program of hostilePrograms.filter(candidate => !isRefused(candidate))) {
      const [{ trial, outcome }, beside] = await Promise.all([
        tryProgram(server, poster, await program.build(), tenTasks),
        tryProgram(server, neighbour, neighbours, tenTasks),
      ])
      expectOutcome(program, outcome)
      expect(new Set(digestsOf(beside.outcome)), program.name).toEqual(new Set([healthyDigest]))
      expect((await fetch(`${server.url}/api/health`)).status, program.name).toBe(200)
      if (program.expected.kind === 'passed') continue
      expect((await requestJob(poster, trial)).status, program.name).toBe(409)
    }
    expect(await countJobs(server)).toBe(jobs)
    expect(server.logged.filter(line => line.includes('"level":"error"'))).toEqual([])
  }, 300_000)

  test('behavior: clocks and randomness are the same at each trial, and differ between tasks', async () => {
    const server = await start()
    const poster = await registerDevice(server.url)
    for (const program of hostilePrograms.filter(({ expected }) => expected.kind === 'passed')) {
      const bytes = await program.build()
      const first = digestsOf((await tryProgram(server, poster, bytes, tenTasks)).outcome)
      expect(first, program.name).toHaveLength(3)
      expect(digestsOf((await tryProgram(server, poster, bytes, tenTasks)).outcome), program.name).toEqual(first)
      expect(new Set(first).size, program.name).toBe(program.name.includes('randomness') ? 3 : 1)
    }
  }, 120_000)
})

describe('posting', () => {
  test('error: a job of 10^12 tasks needs a budget that covers it, and costs nothing until then', async () => {
    const server = await start()
    const poster = await registerDevice(server.url)
    const split = { kind: 'range', from: '1', to: '1000000000000', size: '1' } as const
    const { trial, outcome } = await tryProgram(server, poster, await healthy(), { ...tenTasks, split })
    expect([trial.tasks, outcome.kind]).toEqual(['1000000000000', 'passed'])
    const jobs = await countJobs(server)
    const { code, detail } = await problemOf(await requestJob(poster, trial, { budgetCredits: 1 }))
    expect(code).toBe('InvalidRequestError')
    expect(detail).toMatch(/^budgetCredits: expected at least \d/)
    expect(await countJobs(server)).toBe(jobs)
  })

  test('behavior: two who post the same program at once have a job each, and one who posts twice has one', async () => {
    const server = await start()
    const posters = [await registerDevice(server.url), await registerDevice(server.url)]
    const program = await healthy()
    const jobs = await countJobs(server)
    const ids = await Promise.all(
      posters.map(async poster => {
        const { trial } = await tryProgram(server, poster, program, tenTasks)
        return Promise.all([postJob(poster, trial), postJob(poster, trial)])
      }),
    )
    const [first = [], second = []] = ids
    expect(first[0]).toBe(first[1])
    expect(second[0]).toBe(second[1])
    expect(first[0]).not.toBe(second[0])
    expect(await countJobs(server)).toBe(jobs + 2)
    for (const [at, poster] of posters.entries()) {
      const { posterId } = (await (await fetch(`${server.url}/api/jobs/${ids[at]?.[0]}`)).json()) as {
        posterId: string
      }
      expect(posterId).toBe(poster.session.accountId)
    }
  })

  test('error: an upload that broke leaves nothing that could be tried', async () => {
    const server = await start()
    const poster = await registerDevice(server.url)
    const program = Buffer.from(await healthy())
    const wrong = await storeBlob(server, poster, program.subarray(0, -5), digestOf(program))
    const { code, detail } = await problemOf(wrong)
    expect(code).toBe('DigestMismatchError')
    expect(detail).toMatch(/\.$/)
    const begun = await poster.request('POST', '/api/trials', {
      kernel: { kind: 'upload', digest: digestOf(program) },
      parameters: tenTasks,
    })
    const { id } = (await begun.json()) as { id: string }
    await expect
      .poll(async () => (await poster.request('GET', `/api/trials/${id}`)).json())
      .toMatchObject({
        outcome: {
          kind: 'refused',
          reason: `The blob ${digestOf(program)} is not stored. Send it with POST /api/blobs.`,
        },
      })
    expect((await tryProgram(server, poster, program, tenTasks)).outcome.kind).toBe('passed')
  })
})

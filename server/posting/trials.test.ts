import { describe, expect, test } from 'vitest'
import { Trial } from '../../protocol/posting.ts'
import { assembleKernel } from '../../workers/testing/assemble.ts'
import { startForPosting } from '../testing/posted-job.ts'
import { beginTrial, countingTo, echoKernel, outcomeOf, store, tryProgram } from '../testing/posting.ts'
import { refused } from '../testing/wire.ts'

describe('POST /api/trials', () => {
  test('behavior: a program whose answer depends on where its steps fall is not reproducible', async () => {
    const { server, poster } = await startForPosting()
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
    const { server, poster } = await startForPosting()
    // A sandbox has to start before any of them can end.
    const kernel = { kind: 'upload', digest: await store(server, poster, await assembleKernel(echoKernel)) } as const
    const begin = () => poster.request('POST', '/api/trials', { kernel, parameters: countingTo(3n) })
    const statuses = (await Promise.all(Array.from({ length: 8 }, begin))).map(({ status }) => status)
    expect(statuses.filter(status => status === 200)).toHaveLength(2)
    expect(statuses.filter(status => status === 429)).toHaveLength(6)
  })

  test('error: parameters that are none are refused at once', async () => {
    const { poster } = await startForPosting()
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
    const { server, poster } = await startForPosting()
    // Imports a function `\0` of the module `e`.
    const bytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 2, 7, 1, 1, 0x65, 1, 0, 0, 0])
    const { outcome } = await tryProgram(server, poster, bytes, countingTo(3n))
    expect(outcome).toMatchObject({ kind: 'refused', reason: /^The module imports e.\uFFFD, which no device offers/ })
  })

  test('error: a check whose server has died is over soon, and may be begun again', async () => {
    const { server, poster } = await startForPosting()
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
    const { poster } = await startForPosting()
    const kernel = { kind: 'upload', digest: 'ab'.repeat(32) } as const
    const trial = await beginTrial(poster, { kernel, parameters: countingTo(3n) } as Parameters<typeof beginTrial>[1])
    expect(await outcomeOf(poster, trial)).toMatchObject({ kind: 'refused', reason: /is not stored/ })
  })

  test('error: files that have other sizes than their list says', async () => {
    const { server, poster } = await startForPosting()
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
    const { server, poster } = await startForPosting()
    const { outcome } = await tryProgram(server, poster, new Uint8Array((16 << 20) + 1), countingTo(3n))
    expect(outcome).toMatchObject({ kind: 'refused', reason: /^The module of 16777217 bytes is over the cap/ })
  })

  test('error: an unknown placeholder is named', async () => {
    const { server, poster } = await startForPosting()
    const { outcome } = await tryProgram(server, poster, echoKernel, {
      ...countingTo(3n),
      kind: 'wasi',
      arguments: ['{form}'],
    })
    expect(outcome).toMatchObject({ kind: 'refused' })
  })
})

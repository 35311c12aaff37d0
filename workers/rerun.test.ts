import { describe, expect, onTestFinished, test } from 'vitest'
import { sha256 } from '../protocol/digest.ts'
import type { TaskInput } from '../protocol/program.ts'
import { encodeTaskInput } from '../protocol/task-input.ts'
import type { RerunTask } from '../protocol/volunteer.ts'
import type { BlobSource } from './blob-source.ts'
import { inspectKernel } from './kernel.ts'
import { spawnNodeRunner } from './node/spawn-runner.ts'
import { createPool } from './pool.ts'
import { rerunTask } from './rerun.ts'
import { assembleKernel, countingKernel, countTo, sumOf, sumTo } from './testing/assemble.ts'

const caps = { memoryCapBytes: 16 << 20, outputCapBytes: 1024, timeCapMs: 60_000 }

/** Runs tasks on real threads, with one kernel that has been stored. */
async function openRerun() {
  const stored = await assembleKernel(countingKernel)
  const digest = await sha256(stored)
  const pool = createPool({ spawn: () => spawnNodeRunner({ niceness: 0 }) })
  onTestFinished(() => pool.close())
  const loaded: string[] = []
  const blobs: BlobSource = {
    async load(name) {
      loaded.push(name)
      return countTo(30)
    },
  }
  const rerun = rerunTask({
    kernels: { load: async () => inspectKernel(stored, digest), keepOnly: async () => {} },
    pool,
    blobs,
  })
  return { rerun, loaded, digest }
}

const ignore = () => {}

describe('rerunTask', () => {
  test('default', async () => {
    const { rerun, loaded, digest } = await openRerun()
    const task: RerunTask = { ...caps, kernel: { kind: 'digest', digest }, kernelId: 'counting', input: countTo(10) }
    const outcome = await rerun.run(task, ignore)
    expect(outcome.kind === 'done' && sumOf(outcome.output)).toBe(sumTo(10))
    expect(loaded).toEqual([])
  })

  test('behavior: what the receipt of an uploaded program names is fetched', async () => {
    const { rerun, loaded, digest } = await openRerun()
    const input: TaskInput = {
      index: '0',
      kind: 'reactor',
      arguments: [],
      piece: { kind: 'blob', digest: await sha256(countTo(30)), bytes: 4 },
      files: [],
    }
    const kernel = { kind: 'digest', digest } as const
    const outcome = await rerun.run({ ...caps, kernel, kernelId: 'program', input: encodeTaskInput(input) }, ignore)
    expect(outcome.kind === 'done' && sumOf(outcome.output)).toBe(sumTo(30))
    expect(loaded).toHaveLength(1)
  })

  test('behavior: a module that is stored nowhere, on an input as the program gets to see it', async () => {
    const { rerun, loaded } = await openRerun()
    const bytes = await assembleKernel(countingKernel)
    const input = { kind: 'bytes', bytes: countTo(20) } as const
    const task: RerunTask = { ...caps, kernel: { kind: 'bytes', bytes }, kernelId: 'program', input }
    const outcome = await rerun.run(task, ignore)
    expect(outcome.kind === 'done' && sumOf(outcome.output)).toBe(sumTo(20))
    expect(loaded).toEqual([])
  })

  test('behavior: a new one aborts the one before', async () => {
    const { rerun, digest } = await openRerun()
    const task: RerunTask = { ...caps, kernel: { kind: 'digest', digest }, kernelId: 'counting', input: countTo(-1) }
    const first = Promise.withResolvers<void>()
    const before = rerun.run(task, () => first.resolve())
    await first.promise
    const after = rerun.run({ ...task, input: countTo(10) }, ignore)
    expect(await before).toEqual({ kind: 'aborted' })
    expect((await after).kind).toBe('done')
  })

  test('error: a module that no device runs, and an input that cannot be had', async () => {
    const { rerun, digest } = await openRerun()
    const kernel = { kind: 'bytes', bytes: new Uint8Array(8) } as const
    const refused = await rerun.run({ ...caps, kernel, kernelId: 'program', input: countTo(1) }, ignore)
    expect(refused).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^The module is not well-formed/) })
    const task: RerunTask = {
      ...caps,
      kernel: { kind: 'digest', digest },
      kernelId: 'program',
      input: new Uint8Array(),
    }
    expect(await rerun.run(task, ignore)).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/Update Tidemill/),
    })
  })
})

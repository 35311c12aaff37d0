import { afterAll, describe, expect, test } from 'vitest'
import { climateEbm } from '../wasm/climate-ebm/descriptor.ts'
import { collatzRecords } from '../wasm/collatz-records/descriptor.ts'
import { builtModule, loadKernel } from '../wasm/testing.ts'
import { spawnNodeRunner } from './node/spawn-runner.ts'
import { createPool, type PoolTask, type RunOptions } from './pool.ts'
import type { RunProgress } from './run-kernel.ts'
import { kernelOf } from './testing/kernel-of.ts'

const pool = createPool({ spawn: () => spawnNodeRunner({ niceness: 0 }) })

async function taskOf(id: string, input: Uint8Array<ArrayBuffer>): Promise<PoolTask> {
  return {
    kernel: await kernelOf(await builtModule(id)),
    input: { kind: 'bytes', bytes: input },
    ...{ memoryCapBytes: 256 << 20, outputCapBytes: 1 << 20, timeCapMs: 60_000 },
  }
}

/** Tasks of the seed jobs, smaller, and long enough to be paused twice. */
const inputs = {
  [collatzRecords.id]: collatzRecords.encodeInput({ ...collatzRecords.seed, startsPerTask: 1_000_000_000 }, 3n),
  [climateEbm.id]: climateEbm.encodeInput({ ...climateEbm.seed, setsPerTask: 3000 }, 3n),
}

describe.each(Object.entries(inputs))('%s in a runner', (id, input) => {
  afterAll(() => pool.close())

  test('behavior: paused, resumed in another thread and slowed down, the output stays the same', async () => {
    const expected = (await loadKernel(id)).run(input, 4096)
    let task = await taskOf(id, input)
    let pauses = 0
    for (;;) {
      const { promise: begun, resolve } = Promise.withResolvers<RunProgress>()
      const options: RunOptions = { cpuPercent: 90, signal: new AbortController().signal, onProgress: resolve }
      const run = pool.run(task, options)
      // Two pauses are enough; what is left runs through.
      if (pauses < 2) void begun.then(() => run.pause())
      const end = await run.end
      if (end.kind === 'done') {
        expect(end.output).toEqual(expected)
        expect(pauses).toBeGreaterThan(0)
        break
      }
      if (end.kind !== 'paused' || !end.checkpoint) throw new Error(JSON.stringify(end))
      pauses++
      task = { ...task, checkpoint: end.checkpoint }
    }
  })
})

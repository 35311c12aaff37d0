import { afterEach, describe, expect, test } from 'vitest'
import { failureReasons } from './failure-reasons.ts'
import { spawnNodeRunner } from './node/spawn-runner.ts'
import { createPool, type Pool, type PoolPorts, type PoolTask, type RunOptions } from './pool.ts'
import type { RunProgress } from './run-kernel.ts'
import type { RunnerPort, ToRunner } from './runner-messages.ts'
import { assembleKernel, countingKernel, countTo, type KernelParts, sumOf, sumTo } from './testing/assemble.ts'
import { kernelOf } from './testing/kernel-of.ts'

const pools: Pool[] = []

/** A pool on real worker threads that counts them. */
function openPool(options: Omit<PoolPorts, 'spawn'> = {}) {
  const spawned: { port: RunnerPort; posted: ToRunner['kind'][]; isTerminated: boolean }[] = []
  const pool = createPool({
    spawn() {
      const runner = { port: spawnNodeRunner({ niceness: 0 }), posted: [] as ToRunner['kind'][], isTerminated: false }
      spawned.push(runner)
      return {
        ...runner.port,
        post(message) {
          runner.posted.push(message.kind)
          runner.port.post(message)
        },
        terminate() {
          runner.isTerminated = true
          runner.port.terminate()
        },
      }
    },
    ...options,
  })
  pools.push(pool)
  return { pool, spawned }
}

async function taskOf(parts: KernelParts, end = 1000): Promise<PoolTask> {
  return {
    kernel: await kernelOf(await assembleKernel(parts)),
    input: { kind: 'bytes', bytes: countTo(end) },
    ...{ memoryCapBytes: 16 << 20, outputCapBytes: 1024, timeCapMs: 60_000 },
  }
}

const until = (signal = new AbortController().signal): RunOptions => ({ cpuPercent: 100, signal })
const endless = { ...countingKernel, step: 'export function step(budget: i32): i32 { while (true) {} }' }

/** The same kernel in other bytes. */
const otherAlloc = 'export function alloc(size: i32): i32 { return i32(heap.alloc(size + 16)) }'

describe('createPool', () => {
  afterEach(() => {
    for (const pool of pools.splice(0)) pool.close()
  })

  test('default', async () => {
    const { pool } = openPool()
    const end = await pool.run(await taskOf(countingKernel), until()).end
    expect(end.kind === 'done' && sumOf(end.output)).toBe(sumTo(1000))
  })

  test('behavior: one runner serves one run after another, several serve several at once', async () => {
    const { pool, spawned } = openPool()
    const task = await taskOf(countingKernel)
    for (let run = 0; run < 3; run++) await pool.run(task, until()).end
    expect(spawned).toHaveLength(1)
    await Promise.all([pool.run(task, until()).end, pool.run(task, until()).end])
    expect(spawned).toHaveLength(2)
  })

  test('behavior: a runner is given each kernel once, and runs best what it has', async () => {
    const { pool, spawned } = openPool()
    const [one, other] = [await taskOf(countingKernel), await taskOf({ ...countingKernel, alloc: otherAlloc })]
    await Promise.all([pool.run(one, until()).end, pool.run(other, until()).end])
    for (const task of [other, one, other, one]) expect((await pool.run(task, until()).end).kind).toBe('done')
    for (const { posted } of spawned) expect(posted).toEqual(['kernel', 'run', 'run', 'run'])
    await Promise.all([pool.run(one, until()).end, pool.run(one, until()).end])
    expect(spawned).toHaveLength(2)
    expect(spawned.flatMap(({ posted }) => posted).filter(kind => kind === 'kernel')).toHaveLength(3)
  })

  test('behavior: an abort ends an endless loop at once, and the pool goes on', async () => {
    const { pool, spawned } = openPool()
    const aborter = new AbortController()
    const run = pool.run(await taskOf(endless), until(aborter.signal))
    aborter.abort()
    expect(await run.end).toEqual({ kind: 'aborted' })
    expect(spawned[0]?.isTerminated).toBe(true)
    expect((await pool.run(await taskOf(countingKernel), until()).end).kind).toBe('done')
  })

  test('behavior: what an aborted runner said before it died brings it back into no pool', async () => {
    const { promise: isHeard, resolve: hear } = Promise.withResolvers<void>()
    const ports: RunnerPort[] = []
    const pool = createPool({
      spawn() {
        const port = spawnNodeRunner({ niceness: 0 })
        ports.push(port)
        if (ports.length > 1) return port
        // A real thread whose end comes late: its last message overtakes it.
        return {
          ...port,
          listen: (onMessage, onDeath) =>
            port.listen(message => {
              onMessage(message)
              if (message.kind === 'ended') hear()
            }, onDeath),
          terminate() {},
        }
      },
    })
    pools.push(pool)
    const task = await taskOf(countingKernel)
    const aborter = new AbortController()
    const aborted = pool.run(task, until(aborter.signal))
    aborter.abort()
    await isHeard
    ports[0]?.terminate()
    const next = pool.run(task, until())
    expect(ports).toHaveLength(2)
    expect((await aborted.end).kind).toBe('aborted')
    expect((await next.end).kind).toBe('done')
  })

  test('behavior: a signal that was aborted before starts nothing', async () => {
    const { pool, spawned } = openPool()
    expect(await pool.run(await taskOf(countingKernel), until(AbortSignal.abort())).end).toEqual({ kind: 'aborted' })
    expect(spawned).toHaveLength(0)
  })

  test('behavior: pauses with a checkpoint, and goes on from it in another runner', async () => {
    const { pool } = openPool()
    const task = await taskOf(countingKernel, 0xffffffff)
    const { promise: isRunning, resolve } = Promise.withResolvers<RunProgress>()
    const run = pool.run(task, { ...until(), onProgress: resolve })
    await isRunning
    run.pause()
    const paused = await run.end
    if (paused.kind !== 'paused' || !paused.checkpoint) throw new Error(paused.kind)
    const { promise: resumed, resolve: hear } = Promise.withResolvers<RunProgress>()
    const aborter = new AbortController()
    const again = pool.run({ ...task, checkpoint: paused.checkpoint }, { ...until(aborter.signal), onProgress: hear })
    expect((await resumed).resumedAt).toBe(paused.checkpoint.progress)
    aborter.abort()
    await again.end
  })

  test('error: an endless loop in one call ends as stalled, and only that run', async () => {
    const { pool, spawned } = openPool({ stallSeconds: 3 })
    const stalled = pool.run(await taskOf(endless), until())
    const healthy = pool.run(await taskOf(countingKernel), until())
    expect((await healthy.end).kind).toBe('done')
    expect(await stalled.end).toEqual({ kind: 'failed', reason: failureReasons.stalled, elapsedMs: 0, log: '' })
    expect(spawned.filter(({ isTerminated }) => isTerminated)).toHaveLength(1)
  })

  test('error: a run takes longer than it may', async () => {
    const { pool, spawned } = openPool({ timed: 'all' })
    const more = 'export function step(budget: i32): i32 { return 1 }'
    for (const step of [endless.step, more]) {
      const task = { ...(await taskOf({ ...countingKernel, step })), timeCapMs: 1500 }
      const end = await pool.run(task, until()).end
      expect(end).toEqual({ kind: 'failed', reason: failureReasons.tookTooLong, elapsedMs: 1500, log: '' })
    }
    expect(spawned.every(({ isTerminated }) => isTerminated)).toBe(true)
  })

  test('error: an engine that refuses what passed inspection is the device’s fault', async () => {
    const { pool } = openPool()
    const { kernel, ...task } = await taskOf(countingKernel)
    const broken = { ...kernel, bytes: kernel.bytes.slice(0, -1) }
    const end = await pool.run({ ...task, kernel: broken }, until()).end
    expect(end).toMatchObject({ kind: 'unable', reason: expect.stringMatching(/engine refuses the module/) })
  })

  test('error: a kernel that fails leaves its runner usable', async () => {
    const { pool, spawned } = openPool()
    const trap = 'export function step(budget: i32): i32 { unreachable(); return 0 }'
    const end = await pool.run(await taskOf({ ...countingKernel, step: trap }), until()).end
    expect(end).toMatchObject({ kind: 'failed', reason: failureReasons.trapped })
    expect((await pool.run(await taskOf(countingKernel), until()).end).kind).toBe('done')
    expect(spawned).toHaveLength(1)
  })

  test('error: a runner that dies is the device’s fault', async () => {
    const pool = createPool({
      spawn: () => ({
        post() {},
        terminate() {},
        listen: (_, onDeath) => queueMicrotask(() => onDeath(new Error('no thread to be had'))),
      }),
    })
    const end = await pool.run(await taskOf(countingKernel), until()).end
    expect(end).toEqual({ kind: 'unable', reason: 'A runner could not go on: no thread to be had' })
  })
})

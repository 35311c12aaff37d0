import { describe, expect, test } from 'vitest'
import type { RunInput } from '../protocol/run-input.ts'
import { compileKernel } from './compile-kernel.ts'
import { failureReasons } from './failure-reasons.ts'
import {
  type Checkpoint,
  type KernelTask,
  type RunControl,
  type RunHost,
  type RunProgress,
  runKernel,
} from './run-kernel.ts'
import {
  type AssembleOptions,
  assembleKernel,
  countingKernel,
  countTo,
  type KernelParts,
  sumOf,
  sumTo,
} from './testing/assemble.ts'
import { kernelOf } from './testing/kernel-of.ts'

const counting = (end: number): RunInput => ({ kind: 'bytes', bytes: countTo(end) })
const input = { kind: 'bytes', bytes: new Uint8Array([1, 2, 3, 4]) } as const

async function taskOf(parts: KernelParts, options?: AssembleOptions): Promise<KernelTask> {
  const compilation = await compileKernel(await kernelOf(await assembleKernel(parts, options)))
  if (compilation.kind !== 'compiled') throw new Error(compilation.reason)
  return { kernel: compilation.kernel, input, memoryCapBytes: 16 << 20, outputCapBytes: 1024, timeCapMs: 60_000 }
}

/** The clock's tick for which a step takes 15 ms, so that its budget stays as it is: 1. */
const steady = 15

/** A thread whose clock a test turns: each look at it takes `tickMs`, each sleep as long as was asked for. */
function createHost(tickMs: number) {
  const host = {
    nowMs: 0,
    restedMs: 0,
    progress: [] as RunProgress[],
    progressAtMs: [] as number[],
    checkpoints: [] as Checkpoint[],
  }
  const ports: RunHost = {
    now() {
      host.nowMs += tickMs
      return host.nowMs
    },
    async sleep(ms) {
      host.nowMs += ms
      // The look at the clock after it is a part of the rest.
      host.restedMs += ms + tickMs
    },
    onProgress(progress) {
      host.progress.push(progress)
      host.progressAtMs.push(host.nowMs)
    },
    onCheckpoint: checkpoint => host.checkpoints.push(checkpoint),
  }
  return { host, ports }
}

const freely = (): RunControl => ({ cpuPercent: 100, isPauseWanted: false })
const run = async (parts: KernelParts, options?: AssembleOptions) =>
  runKernel(await taskOf(parts, options), freely(), createHost(1).ports)
const failed = (reason: string) => expect.objectContaining({ kind: 'failed', reason })

describe('runKernel', () => {
  test('default', async () => {
    const task = { ...(await taskOf(countingKernel)), input: counting(1000) }
    const end = await runKernel(task, freely(), createHost(1).ports)
    expect(end.kind === 'done' && sumOf(end.output)).toBe(sumTo(1000))
  })

  test('behavior: progress at most 4 times a second, and it never goes back', async () => {
    const { ports, host } = createHost(steady)
    await runKernel({ ...(await taskOf(countingKernel)), input: counting(500) }, freely(), ports)
    expect(host.progress.length).toBeGreaterThan(10)
    for (const [at, one] of host.progress.entries()) {
      if (at === 0) continue
      expect((host.progressAtMs[at] ?? 0) - (host.progressAtMs[at - 1] ?? 0)).toBeGreaterThanOrEqual(250)
      expect(one.progress).toBeGreaterThan(host.progress[at - 1]?.progress ?? 1)
    }
  })

  test('behavior: keeps to the CPU limit', async () => {
    const { ports, host } = createHost(steady)
    const control: RunControl = { cpuPercent: 25, isPauseWanted: false }
    const end = await runKernel({ ...(await taskOf(countingKernel)), input: counting(500) }, control, ports)
    if (end.kind !== 'done') throw new Error(end.kind)
    expect(host.restedMs / end.elapsedMs).toBeGreaterThan(2.9)
    expect(host.restedMs / end.elapsedMs).toBeLessThan(3.1)
  })

  test('behavior: a long rest is no silence, and a pause does not wait for its end', async () => {
    const { ports, host } = createHost(steady)
    const control: RunControl = { cpuPercent: 0.01, isPauseWanted: false }
    const slices: { ms: number; told: number }[] = []
    const resting: RunHost = {
      ...ports,
      async sleep(ms) {
        slices.push({ ms, told: host.progress.length })
        control.isPauseWanted = slices.length === 20
        await ports.sleep(ms)
      },
    }
    // One step of 15 ms makes it rest for 150 seconds.
    const end = await runKernel({ ...(await taskOf(countingKernel)), input: counting(500) }, control, resting)
    expect(end.kind).toBe('paused')
    expect(slices).toHaveLength(20)
    expect(Math.max(...slices.map(({ ms }) => ms))).toBeLessThanOrEqual(250)
    for (const [at, { told }] of slices.entries()) if (at > 0) expect(told).toBeGreaterThan(slices[at - 1]?.told ?? 0)
  })

  test('behavior: pauses with a checkpoint, and another run goes on from it', async () => {
    const task = { ...(await taskOf(countingKernel)), input: counting(3000) }
    const first = createHost(steady)
    const control = freely()
    const pausing: RunHost = {
      ...first.ports,
      async sleep() {
        control.isPauseWanted = first.host.nowMs > 5000
      },
    }
    const paused = await runKernel(task, control, pausing)
    if (paused.kind !== 'paused' || !paused.checkpoint) throw new Error(paused.kind)
    expect(paused.checkpoint.progress).toBeGreaterThan(0)
    expect(paused.checkpoint.progress).toBeLessThan(1)

    const second = createHost(steady)
    const end = await runKernel({ ...task, checkpoint: paused.checkpoint }, freely(), second.ports)
    expect(end.kind === 'done' && sumOf(end.output)).toBe(sumTo(3000))
    expect(second.host.progress[0]?.resumedAt).toBe(paused.checkpoint.progress)
    expect(end.kind === 'done' && end.elapsedMs).toBeGreaterThan(paused.checkpoint.elapsedMs)
  })

  test('behavior: takes a checkpoint every 3 seconds', async () => {
    const { ports, host } = createHost(steady)
    await runKernel({ ...(await taskOf(countingKernel)), input: counting(500) }, freely(), ports)
    expect(host.checkpoints.length).toBeGreaterThanOrEqual(Math.floor(host.nowMs / 3200))
    expect(host.checkpoints.length).toBeLessThanOrEqual(Math.floor(host.nowMs / 3000))
  })

  test('behavior: begins again where the kernel refuses the checkpoint', async () => {
    const checkpoint = { bytes: new Uint8Array(3), progress: 0.5, elapsedMs: 10_000 }
    const task = { ...(await taskOf(countingKernel)), input: counting(1000), checkpoint }
    const { ports, host } = createHost(steady)
    const end = await runKernel(task, freely(), ports)
    expect(end.kind === 'done' && sumOf(end.output)).toBe(sumTo(1000))
    expect(host.progress[0]).not.toHaveProperty('resumedAt')
  })

  test('behavior: a kernel without checkpoints pauses without one', async () => {
    const step = 'export function step(budget: i32): i32 { return 1 }'
    const end = await runKernel(await taskOf({ step }), { cpuPercent: 100, isPauseWanted: true }, createHost(1).ports)
    expect(end).toEqual({ kind: 'paused' })
  })

  test('error: the input is refused', async () => {
    const end = await run({ start: 'export function start(pointer: i32, length: i32): i32 { return 40 + length }' })
    expect(end).toEqual(failed(failureReasons.refusedInput(44)))
  })

  test('error: a step ends with a code', async () => {
    const end = await run({ step: 'export function step(budget: i32): i32 { return -3 }' })
    expect(end).toEqual(failed(failureReasons.stoppedWithCode(-3)))
  })

  test('error: every kind of trap gives the same sentence', async () => {
    const traps = [
      'unreachable()',
      'store<u8>(-1, 1)',
      'return 1 / (budget - budget)',
      'return call_indirect<i32>(99, 1)',
    ]
    for (const trap of traps) {
      const end = await run({ step: `export function step(budget: i32): i32 { ${trap}; return 0 }` })
      expect(end, trap).toEqual(failed(failureReasons.trapped))
    }
  })

  test('error: abort is called', async () => {
    const end = await run({ step: 'export function step(budget: i32): i32 { abort("no"); return 0 }' })
    expect(end).toEqual(failed(failureReasons.aborted))
  })

  test('error: the call stack is used up', async () => {
    const end = await run({ step: 'export function step(budget: i32): i32 { return step(budget + 1) + 1 }' })
    expect(end).toEqual(failed(failureReasons.stackExhausted))
  })

  test('error: a memory bomb ends at the declared maximum', async () => {
    const end = await run({
      step: 'export function step(budget: i32): i32 { while (memory.grow(1) >= 0) {} store<u8>(memory.size() << 16, 1); return 1 }',
    })
    expect(end).toEqual(failed(failureReasons.trapped))
  })

  test('error: the declared maximum is over the cap of the task', async () => {
    const task = { ...(await taskOf({})), memoryCapBytes: 65536 }
    const end = await runKernel(task, freely(), createHost(1).ports)
    expect(end).toEqual(failed(failureReasons.memoryTooLarge(16 * 65536, 65536)))
  })

  test('error: a flood of output', async () => {
    const end = await run({ output: 'export function output(): i64 { return 1025 }' })
    expect(end).toEqual(failed(failureReasons.outputTooLarge(1025, 1024)))
  })

  test('error: an output or an input outside the memory', async () => {
    const output = 'export function output(): i64 { return (i64(0xfffffff0) << 32) | 32 }'
    expect(await run({ output })).toEqual(failed(failureReasons.pointerOutside))
    const alloc = 'export function alloc(size: i32): i32 { return -2 }'
    expect(await run({ alloc })).toEqual(failed(failureReasons.pointerOutside))
  })

  test('error: the contract is not kept', async () => {
    const abi = 'export function tidemill_abi(): void {}'
    expect(await run({ abi })).toEqual(failed(failureReasons.missingExport('tidemill_abi')))
    expect(await run({ abi: 'export const tidemill_abi: i32 = 2' })).toEqual(failed(failureReasons.wrongAbi))
    const output = 'export function output(): i32 { return 0 }'
    expect(await run({ output })).toEqual(failed(failureReasons.outputMissing))
  })
})

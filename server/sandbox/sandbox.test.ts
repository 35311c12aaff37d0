import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { failureReasons } from '../../workers/failure-reasons.ts'
import {
  assemble,
  assembleKernel,
  countingKernel,
  countTo,
  type KernelParts,
  sumOf,
  sumTo,
} from '../../workers/testing/assemble.ts'
import { createLogger } from '../logger.ts'
import { createSandbox, type SandboxOptions, type SandboxRun } from './sandbox.ts'
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts'

const patience = { timeout: 20_000, interval: 20 }
const free = new AbortController().signal

/** A sandbox of real processes, which it shows. */
function openSandbox({ headroomBytes, ...options }: Partial<SandboxOptions> & { headroomBytes?: number } = {}) {
  const lines: string[] = []
  const started: SandboxProcess[] = []
  const sandbox = createSandbox({
    log: createLogger(line => lines.push(line)),
    startProcess() {
      const process = startSandboxProcess(headroomBytes)
      started.push(process)
      return process
    },
    ...options,
  })
  onTestFinished(() => sandbox.close())
  return { sandbox, started, lines }
}

const runOf = async (parts: KernelParts = countingKernel, memoryMaximumPages = 16): Promise<SandboxRun> => ({
  kernel: await assembleKernel(parts, { memoryMaximumPages }),
  input: { kind: 'bytes', bytes: countTo(1000) },
  ...{ memoryCapBytes: 256 << 20, outputCapBytes: 1024, timeCapMs: 60_000 },
})

/** A WASI command whose `_start` is this, with calls to read and write. */
const commandOf = async (body: string): Promise<SandboxRun> => ({
  ...(await runOf()),
  kernel: await assemble(`
    @external('wasi_snapshot_preview1', 'fd_read')
    declare function fd_read(file: i32, vectors: i32, count: i32, read: i32): i32
    @external('wasi_snapshot_preview1', 'fd_write')
    declare function fd_write(file: i32, vectors: i32, count: i32, written: i32): i32
    const room = memory.data(1024)
    export function _start(): void { ${body} }
  `),
  input: {
    kind: 'command',
    arguments: [],
    stdin: new TextEncoder().encode('turned around'),
    files: [],
    seed: new Uint8Array(32),
  },
})
const echo = `
  store<i32>(room, room + 64)
  store<i32>(room, 100, 4)
  fd_read(0, room, 1, room + 8)
  store<i32>(room, load<i32>(room, 8), 4)
  fd_write(1, room, 1, room + 8)
  fd_write(2, room, 1, room + 8)
`

const step = (body: string): KernelParts => ({
  ...countingKernel,
  step: `export function step(budget: i32): i32 { ${body} }`,
})
const endless = step('while (true) {}')
/** Takes all the memory that it may have, and holds it. */
const bomb = step('while (memory.grow(64) >= 0) memory.fill((memory.size() - 64) << 16, 1, 64 << 16); while (true) {}')

/** The next run has a sandbox that works. */
async function stillRuns({ sandbox }: Pick<ReturnType<typeof openSandbox>, 'sandbox'>): Promise<void> {
  const end = await sandbox.run(await runOf(), free)
  expect(end.kind === 'done' && sumOf(end.output)).toBe(sumTo(1000))
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('createSandbox', () => {
  test('default', async () => {
    const { sandbox, started } = openSandbox()
    const end = await sandbox.run(await runOf(), free)
    expect(end).toEqual({
      kind: 'done',
      output: new Uint8Array(new BigUint64Array([sumTo(1000)]).buffer),
      ...{ elapsedMs: expect.any(Number), log: '', memoryBytes: 65536 },
    })
    await stillRuns({ sandbox })
    expect(started).toHaveLength(1)
  })

  test('behavior: a WASI command reads its input, and writes its output and its log', async () => {
    const { sandbox } = openSandbox()
    const end = await sandbox.run(await commandOf(echo), free)
    expect(end).toMatchObject({ kind: 'done', log: 'turned around' })
    expect(end.kind === 'done' && new TextDecoder().decode(end.output)).toBe('turned around')
  })

  test('behavior: two run at once, others wait', async () => {
    const { sandbox, started } = openSandbox()
    const run = await runOf()
    const ends = await Promise.all(Array.from({ length: 5 }, () => sandbox.run(run, free)))
    expect(ends.map(({ kind }) => kind)).toEqual(Array(5).fill('done'))
    expect(started).toHaveLength(2)
  })

  test('behavior: the budget of the steps is the caller’s, and the output is the same', async () => {
    const { sandbox } = openSandbox()
    const run = await runOf()
    for (const stepBudget of [1, 7, 1_000_000]) {
      const end = await sandbox.run({ ...run, stepBudget }, free)
      expect(end.kind === 'done' && sumOf(end.output), `${stepBudget}`).toBe(sumTo(1000))
    }
    const budget = step('store<u64>(saved, budget); return 0')
    const told = await sandbox.run(
      {
        ...(await runOf({ ...budget, output: 'export function output(): i64 { return (i64(saved) << 32) | 8 }' })),
        stepBudget: 7,
      },
      free,
    )
    expect(told.kind === 'done' && sumOf(told.output)).toBe(7n)
  })

  test('behavior: an abort ends a run at once, also one that waits', async () => {
    const opened = openSandbox({ processes: 1 })
    const aborter = new AbortController()
    const running = opened.sandbox.run(await runOf(endless), aborter.signal)
    const waiting = opened.sandbox.run(await runOf(), aborter.signal)
    aborter.abort()
    expect(await Promise.all([running, waiting])).toEqual([{ kind: 'aborted' }, { kind: 'aborted' }])
    expect(await opened.sandbox.run(await runOf(), aborter.signal)).toEqual({ kind: 'aborted' })
    await stillRuns(opened)
  })

  test('behavior: what is idle is let go, and what is asked for later starts anew', async () => {
    const opened = openSandbox({ idleMs: 1 })
    await stillRuns(opened)
    await vi.waitFor(() => expect(opened.started[0]?.isAlive).toBe(false), patience)
    await stillRuns(opened)
    expect(opened.started).toHaveLength(2)
  })

  test('behavior: closing ends what runs, and leaves no process', async () => {
    const { sandbox, started } = openSandbox()
    const running = sandbox.run(await runOf(endless), free)
    await vi.waitFor(() => expect(started).toHaveLength(1), patience)
    await sandbox.close()
    expect(await running).toEqual({ kind: 'aborted' })
    expect(started.map(({ pid }) => isRunning(pid as number))).toEqual([false])
    expect(await sandbox.run(await runOf(), free)).toEqual({ kind: 'aborted' })
  })

  test('error: a module that is none, or that the engine refuses', async () => {
    const opened = openSandbox()
    const run = await runOf()
    const none = await opened.sandbox.run({ ...run, kernel: new Uint8Array(100) }, free)
    expect(none).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/^The module is not well-formed/) })
    // The last function's end is gone, which only an engine looks at.
    const unsound = run.kernel.slice()
    unsound[unsound.lastIndexOf(0x0b)] = 0x01
    const refused = await opened.sandbox.run({ ...run, kernel: unsound }, free)
    expect(refused).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/refuses the module|well-formed/) })
    await stillRuns(opened)
  })

  test('error: a trap', async () => {
    const opened = openSandbox()
    const end = await opened.sandbox.run(await runOf(step('unreachable(); return 0')), free)
    expect(end).toMatchObject({ kind: 'failed', reason: failureReasons.trapped })
    await stillRuns(opened)
    expect(opened.started).toHaveLength(1)
  })

  test('error: an endless loop, in one step, in endless steps and in a command', async () => {
    const opened = openSandbox()
    for (const run of [await runOf(endless), await runOf(step('return 1')), await commandOf('while (true) {}')]) {
      const end = await opened.sandbox.run({ ...run, timeCapMs: 1000 }, free)
      expect(end).toEqual({ kind: 'failed', reason: failureReasons.tookTooLong, elapsedMs: 1000, log: '' })
    }
    await stillRuns(opened)
    expect(opened.started).toHaveLength(1)
  })

  test('error: a memory bomb ends at the maximum of its module', async () => {
    const opened = openSandbox()
    const trap = step(
      'while (memory.grow(64) >= 0) memory.fill((memory.size() - 64) << 16, 1, 64 << 16); unreachable(); return 0',
    )
    const end = await opened.sandbox.run(await runOf(trap, 4096), free)
    expect(end).toMatchObject({ kind: 'failed', reason: failureReasons.trapped })
    await stillRuns(opened)
  })

  test('error: more memory than the process may have ends the process, and only that run', async () => {
    const opened = openSandbox({ headroomBytes: 0 })
    const end = await opened.sandbox.run(await runOf(bomb, 4096), free)
    expect(end).toMatchObject({ kind: 'failed', reason: 'The program took more memory than the sandbox has.' })
    await stillRuns(opened)
    expect(opened.started).toHaveLength(2)
  })

  test('error: a flood of output', async () => {
    const opened = openSandbox()
    const output = 'export function output(): i64 { return 65000 }'
    const end = await opened.sandbox.run(await runOf({ output }), free)
    expect(end).toMatchObject({ kind: 'failed', reason: failureReasons.outputTooLarge(65000, 1024) })
    const flood = await opened.sandbox.run(
      await commandOf(`while (true) { ${echo} store<i32>(room, 1000, 4); fd_write(1, room, 1, room + 8) }`),
      free,
    )
    expect(flood).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(/^The output of \d+ bytes is over the cap/),
    })
    await stillRuns(opened)
  })

  test('error: a process that is killed is replaced once, then the run has failed', async () => {
    const opened = openSandbox()
    const { sandbox, started, lines } = opened
    const running = sandbox.run(await runOf(endless), free)
    for (const attempt of [0, 1]) {
      await vi.waitFor(() => expect(started).toHaveLength(attempt + 1), patience)
      process.kill(started[attempt]?.pid as number, 'SIGKILL')
    }
    expect(await running).toMatchObject({ kind: 'failed', reason: 'The sandbox could not run the program.' })
    expect(lines.filter(line => line.includes('A sandbox crashed'))).toHaveLength(2)
    await stillRuns(opened)
  })

  test('error: one crash is nobody’s failure', async () => {
    const { sandbox, started } = openSandbox()
    const running = sandbox.run(await runOf(), free)
    await vi.waitFor(() => expect(started).toHaveLength(1), patience)
    process.kill(started[0]?.pid as number, 'SIGKILL')
    expect((await running).kind).toBe('done')
  })
})

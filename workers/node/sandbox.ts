import { sha256 } from '../../protocol/digest.ts'
import type { RunInput } from '../../protocol/run-input.ts'
import { compileKernel } from '../compile-kernel.ts'
import { inspectKernel, type LoadedKernel } from '../kernel.ts'
import { createPool } from '../pool.ts'
import { endWithParent } from './end-with-parent.ts'
import {
  type FromSandbox,
  outOfMemoryCode,
  type SandboxEnd,
  type SandboxRun,
  type ToSandbox,
} from './sandbox-messages.ts'
import { spawnNodeRunner } from './spawn-runner.ts'

// The entry of the server's sandbox, a process of its own: runs programs of strangers, and is all that they can bring
// down. Its one thread that runs them may hang; this one never waits for it.

/** Behind everything else that the server does, and yet in front of nobody's patience. */
const niceness = 10
/** A busy server may leave it without a turn for long. */
const stallSeconds = 30
const lookAtMemoryEveryMs = 50
const aliveEveryMs = 1000

const tell = endWithParent<FromSandbox>()
const pool = createPool({
  // Time on a processor, so that a busy server does not make a program look slow.
  spawn: () => spawnNodeRunner({ niceness, clock: 'processor' }),
  stallSeconds,
  timed: 'all',
})
let last: LoadedKernel | undefined

process.on('message', ({ run, headroomBytes }: ToSandbox) => {
  void watch(run, headroomBytes).then(end => tell({ kind: 'ended', end }))
})

/** Ends the process where the run takes too much memory: nothing less gives all of it back. */
async function watch(task: SandboxRun, headroomBytes: number): Promise<SandboxEnd> {
  const limitBytes = task.memoryCapBytes + task.outputCapBytes + inputBytes(task.input) + headroomBytes
  const memory = setInterval(() => {
    if (process.memoryUsage.rss() > limitBytes) process.exit(outOfMemoryCode)
  }, lookAtMemoryEveryMs)
  const alive = setInterval(() => void tell({ kind: 'alive' }), aliveEveryMs)
  try {
    return await run(task)
  } catch (error) {
    return failed(`The sandbox could not run the program. ${error}`)
  } finally {
    clearInterval(memory)
    clearInterval(alive)
  }
}

async function run({ kernel, input, isCompiledOnly, ...caps }: SandboxRun): Promise<SandboxEnd> {
  const loaded = await load(new Uint8Array(kernel))
  if (loaded.kind === 'refused') return failed(loaded.reason)
  if (isCompiledOnly) {
    const { kind } = await compileKernel(loaded.kernel)
    if (kind === 'unable') return failed('The module is no valid WebAssembly: its engine refuses it. Build it again.')
    return { kind: 'done', output: new Uint8Array(), log: '', elapsedMs: 0, memoryBytes: 0 }
  }
  const task = { ...caps, kernel: loaded.kernel, input: ownInput(input) }
  const { end } = pool.run(task, { cpuPercent: 100, signal: new AbortController().signal })
  const how = await end
  switch (how.kind) {
    case 'done':
    case 'failed':
      return how
    case 'unable':
      return failed(`The sandbox could not run the program. ${how.reason}`)
    default:
      throw new Error(`A run that nobody ended is ${how.kind}.`)
  }
}

async function load(bytes: Uint8Array<ArrayBuffer>): Promise<LoadedKernel> {
  const digest = await sha256(bytes)
  if (last?.kind !== 'loaded' || last.kernel.digest !== digest) last = inspectKernel(bytes, digest)
  return last
}

const failed = (reason: string): SandboxEnd => ({ kind: 'failed', reason, elapsedMs: 0, log: '' })

function inputBytes(input: RunInput): number {
  if (input.kind === 'bytes') return input.bytes.length
  return input.files.reduce((sum, { bytes }) => sum + bytes.length, input.stdin.length)
}

/** What came from another process may be a part of a larger buffer, all of which would go to the runner. */
function ownInput(input: RunInput): RunInput {
  if (input.kind === 'bytes') return { kind: 'bytes', bytes: new Uint8Array(input.bytes) }
  const { stdin, seed, files } = input
  const own = { stdin: new Uint8Array(stdin), seed: new Uint8Array(seed) }
  return { ...input, ...own, files: files.map(({ path, bytes }) => ({ path, bytes: new Uint8Array(bytes) })) }
}

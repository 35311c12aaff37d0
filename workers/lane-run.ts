import { fromBase64Url } from '../protocol/bytes.ts'
import { RefusedError, UnreachableError } from '../protocol/errors.ts'
import { commandCapMs } from '../protocol/kernel.ts'
import type { Lane } from '../protocol/volunteer.ts'
import type { BlobSource } from './blob-source.ts'
import type { HeldLease } from './holdings.ts'
import type { Kernels } from './kernels.ts'
import type { Pool, Run } from './pool.ts'
import { remainingMs } from './remaining.ts'
import { resolveInput } from './resolve-input.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Checkpoint, RunEnd, RunProgress } from './run-kernel.ts'

/** One held lease on one lane, from fetching its kernel to its end. */
export interface LaneRun {
  readonly held: HeldLease
  readonly end: Promise<RunEnd>
  /** @returns undefined while the kernel and its input are being fetched */
  view(nowMs: number): Extract<Lane, { state: 'running' }> | undefined
  /** Credit of the task that is still to be computed. */
  creditLeft(): number
  /** Credit per second of this run so far, pauses and rests included; undefined where too little was done to tell. */
  speed(nowMs: number): number | undefined
  pause(): void
  abort(): void
  setCpuPercent(cpuPercent: number): void
}

export interface LaneRunPorts {
  readonly pool: Pool
  readonly kernels: Kernels
  readonly blobs: BlobSource
  onChange(): void
  onCheckpoint(checkpoint: Checkpoint): void
}

export function startLaneRun(held: HeldLease, cpuPercent: number, ports: LaneRunPorts): LaneRun {
  const { lease, checkpoint } = held
  const aborter = new AbortController()
  /** Ends the wait for a kernel and its input; a run under way is paused by itself. */
  const pauser = new AbortController()
  let percent = cpuPercent
  let run: Run | undefined
  let startedMs = 0
  let latest: RunProgress = { progress: checkpoint?.progress ?? 0, elapsedMs: checkpoint?.elapsedMs ?? 0 }

  async function insist<T>(load: () => Promise<T>, stopped: AbortSignal): Promise<T | 'stopped'> {
    // The load itself goes on: whoever needs the same next finds it.
    const untilStopped = new Promise<'stopped'>(resolve =>
      stopped.addEventListener('abort', () => resolve('stopped'), { once: true }),
    )
    for (let attempt = 0; !stopped.aborted; attempt++) {
      try {
        return await Promise.race([load(), untilStopped])
      } catch (error) {
        if (!(error instanceof RefusedError || error instanceof UnreachableError)) throw error
        const retryAfterSeconds = error instanceof RefusedError ? error.retryAfterSeconds : undefined
        await wait(retryDelayMs(attempt, Math.random(), retryAfterSeconds), stopped)
      }
    }
    return 'stopped'
  }

  async function execute(): Promise<RunEnd> {
    const stopped = AbortSignal.any([aborter.signal, pauser.signal])
    const loaded = await insist(() => ports.kernels.load(lease.kernelDigest), stopped)
    if (aborter.signal.aborted) return { kind: 'aborted' }
    if (loaded === 'stopped' || pauser.signal.aborted) return { kind: 'paused', ...(checkpoint && { checkpoint }) }
    if (loaded.kind === 'refused') return { kind: 'failed', reason: loaded.reason, elapsedMs: 0, log: '' }
    const leased = fromBase64Url(lease.input)
    const resolved = await insist(() => resolveInput(lease.kernelId, leased, ports.blobs), stopped)
    if (aborter.signal.aborted) return { kind: 'aborted' }
    if (resolved === 'stopped' || pauser.signal.aborted) return { kind: 'paused', ...(checkpoint && { checkpoint }) }
    if (resolved.kind === 'unable') {
      const { whose, reason } = resolved
      return whose === 'job' ? { kind: 'failed', reason, elapsedMs: 0, log: '' } : { kind: 'unable', reason }
    }
    startedMs = Date.now()
    const { memoryCapBytes, outputCapBytes } = lease
    const { input } = resolved
    const timeCapMs = commandCapMs(lease.credit)
    const task = { kernel: loaded.kernel, input, memoryCapBytes, outputCapBytes, timeCapMs }
    run = ports.pool.run(
      { ...task, checkpoint },
      {
        cpuPercent: percent,
        signal: aborter.signal,
        onCheckpoint: ports.onCheckpoint,
        onProgress: progress => {
          latest = progress
          ports.onChange()
        },
      },
    )
    ports.onChange()
    return run.end
  }

  return {
    held,
    end: execute().catch((error: unknown): RunEnd => ({ kind: 'unable', reason: `A lane could not go on: ${error}` })),
    view(nowMs) {
      if (!run) return undefined
      const { taskId, jobId, kernelId, credit } = lease
      const { progress, elapsedMs, resumedAt } = latest
      const left = remainingMs({ doneFrom: resumedAt ?? 0, progress, sinceMs: nowMs - startedMs })
      return {
        state: 'running',
        lease: lease.lease,
        ...{ taskId, jobId, kernelId, progress, elapsedMs, credit },
        ...(resumedAt === undefined ? {} : { resumedAt }),
        ...(left === undefined ? {} : { remainingMs: left }),
      }
    },
    creditLeft: () => lease.credit * (1 - latest.progress),
    speed(nowMs) {
      const tookMs = nowMs - startedMs
      return run && tookMs > 0 ? (lease.credit * (1 - (latest.resumedAt ?? 0)) * 1000) / tookMs : undefined
    },
    pause() {
      pauser.abort()
      run?.pause()
    },
    abort: () => aborter.abort(),
    setCpuPercent(next) {
      percent = next
      run?.setCpuPercent(next)
    },
  }
}

/** Waits, or less where `stopped` comes first. */
function wait(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      stopped.removeEventListener('abort', done)
      resolve()
    }
    stopped.addEventListener('abort', done)
  })
}

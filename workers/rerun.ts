import { sha256 } from '../protocol/digest.ts'
import type { RunInput } from '../protocol/run-input.ts'
import type { RerunTask, RunOutcome } from '../protocol/volunteer.ts'
import { inspectKernel, type LoadedKernel } from './kernel.ts'
import type { Kernels } from './kernels.ts'
import type { Pool } from './pool.ts'

type RerunInput =
  | { readonly kind: 'resolved'; readonly input: RunInput }
  | { readonly kind: 'unable'; readonly reason: string }

export interface RerunPorts {
  readonly kernels: Kernels
  readonly pool: Pool
  /** Makes what a run gets to see out of what a lease or a receipt says. */
  resolve(kernelId: string, input: Uint8Array<ArrayBuffer>): Promise<RerunInput>
}

const failed = (reason: string): RunOutcome => ({ kind: 'failed', reason, elapsedMs: 0, log: '' })

/**
 * Runs single tasks outside the volunteer's work, one at a time: a new one aborts the one before.
 * What the device itself cannot do is a failure here too: there is nobody else to hand the task to.
 */
export function rerunTask({ kernels, pool, resolve }: RerunPorts) {
  let aborter = new AbortController()

  async function kernelOf(kernel: RerunTask['kernel']): Promise<LoadedKernel> {
    if (kernel.kind === 'digest') return kernels.load(kernel.digest)
    return inspectKernel(kernel.bytes, await sha256(kernel.bytes))
  }

  const inputOf = async ({ kernelId, input }: RerunTask): Promise<RerunInput> =>
    input instanceof Uint8Array ? resolve(kernelId, input) : { kind: 'resolved', input }

  return {
    async run(task: RerunTask, onProgress: (progress: number) => void): Promise<RunOutcome> {
      aborter.abort()
      aborter = new AbortController()
      const { signal } = aborter
      const loaded = await kernelOf(task.kernel)
      if (loaded.kind === 'refused') return failed(loaded.reason)
      const resolved = await inputOf(task)
      if (resolved.kind === 'unable') return failed(resolved.reason)
      const { memoryCapBytes, outputCapBytes, timeCapMs } = task
      const run = pool.run(
        { kernel: loaded.kernel, input: resolved.input, memoryCapBytes, outputCapBytes, timeCapMs },
        { cpuPercent: 100, signal, onProgress: ({ progress }) => onProgress(progress) },
      )
      const end = await run.end
      if (end.kind === 'unable') return failed(end.reason)
      return end.kind === 'paused' ? { kind: 'aborted' } : end
    },
    abort: () => aborter.abort(),
  }
}

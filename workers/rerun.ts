import { sha256 } from '../protocol/digest.ts'
import type { RerunTask, RunOutcome } from '../protocol/volunteer.ts'
import type { BlobSource } from './blob-source.ts'
import { inspectKernel, type LoadedKernel } from './kernel.ts'
import type { Kernels } from './kernels.ts'
import type { Pool } from './pool.ts'
import { type ResolvedInput, resolveInput } from './resolve-input.ts'

export interface RerunPorts {
  readonly kernels: Kernels
  readonly pool: Pool
  /** What the inputs of uploaded programs name. */
  readonly blobs: BlobSource
}

const failed = (reason: string): RunOutcome => ({ kind: 'failed', reason, elapsedMs: 0, log: '' })

/**
 * Runs single tasks outside the volunteer's work, one at a time: a new one aborts the one before.
 * What the device itself cannot do is a failure here too: there is nobody else to hand the task to.
 */
export function rerunTask({ kernels, pool, blobs }: RerunPorts) {
  let aborter = new AbortController()

  async function kernelOf(kernel: RerunTask['kernel']): Promise<LoadedKernel> {
    if (kernel.kind === 'digest') return kernels.load(kernel.digest)
    return inspectKernel(kernel.bytes, await sha256(kernel.bytes))
  }

  const inputOf = async ({ kernelId, input }: RerunTask): Promise<ResolvedInput> =>
    input instanceof Uint8Array ? resolveInput(kernelId, input, blobs) : { kind: 'resolved', input }

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

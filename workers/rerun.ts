import { sha256 } from '../protocol/digest.ts'
import type { RunInput } from '../protocol/run-input.ts'
import type { RerunTask, RunOutcome } from '../protocol/volunteer.ts'
import { inspectKernel, type LoadedKernel } from './kernel.ts'
import type { Kernels } from './kernels.ts'
import type { Pool } from './pool.ts'

/**
 * Runs single tasks outside the volunteer's work, one at a time: a new one aborts the one before.
 * What the device itself cannot do is a failure here too: there is nobody else to hand the task to.
 */
export function rerunTask({ kernels, pool }: { kernels: Kernels; pool: Pool }) {
  let aborter = new AbortController()

  async function kernelOf(kernel: RerunTask['kernel']): Promise<LoadedKernel> {
    if (kernel.kind === 'digest') return kernels.load(kernel.digest)
    return inspectKernel(kernel.bytes, await sha256(kernel.bytes))
  }

  return {
    async run(task: RerunTask, onProgress: (progress: number) => void): Promise<RunOutcome> {
      aborter.abort()
      aborter = new AbortController()
      const { signal } = aborter
      const loaded = await kernelOf(task.kernel)
      if (loaded.kind === 'refused') return { kind: 'failed', reason: loaded.reason, elapsedMs: 0, log: '' }
      const { memoryCapBytes, outputCapBytes, timeCapMs } = task
      const input: RunInput = task.input instanceof Uint8Array ? { kind: 'bytes', bytes: task.input } : task.input
      const run = pool.run(
        { kernel: loaded.kernel, input, memoryCapBytes, outputCapBytes, timeCapMs },
        { cpuPercent: 100, signal, onProgress: ({ progress }) => onProgress(progress) },
      )
      const end = await run.end
      if (end.kind === 'unable') return { kind: 'failed', reason: end.reason, elapsedMs: 0, log: '' }
      return end.kind === 'paused' ? { kind: 'aborted' } : end
    },
    abort: () => aborter.abort(),
  }
}

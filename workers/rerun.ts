import { commandCapMs } from '../protocol/kernel.ts'
import type { RerunTask, RunOutcome } from '../protocol/volunteer.ts'
import type { Kernels } from './kernels.ts'
import type { Pool } from './pool.ts'

/**
 * Runs single tasks outside the volunteer's work, one at a time: a new one aborts the one before.
 * What the device itself cannot do is a failure here too: there is nobody else to hand the task to.
 */
export function rerunTask({ kernels, pool }: { kernels: Kernels; pool: Pool }) {
  let aborter = new AbortController()
  return {
    async run(task: RerunTask, onProgress: (progress: number) => void): Promise<RunOutcome> {
      aborter.abort()
      aborter = new AbortController()
      const { signal } = aborter
      const compilation = await kernels.load(task.kernelDigest)
      if (compilation.kind !== 'compiled') return { kind: 'failed', reason: compilation.reason, elapsedMs: 0, log: '' }
      const { input, memoryCapBytes, outputCapBytes } = task
      const run = pool.run(
        {
          kernel: compilation.kernel,
          input: { kind: 'bytes', bytes: input },
          timeCapMs: commandCapMs(0),
          memoryCapBytes,
          outputCapBytes,
        },
        { cpuPercent: 100, signal, onProgress: ({ progress }) => onProgress(progress) },
      )
      const end = await run.end
      if (end.kind === 'unable') return { kind: 'failed', reason: end.reason, elapsedMs: 0, log: '' }
      return end.kind === 'paused' ? { kind: 'aborted' } : end
    },
    abort: () => aborter.abort(),
  }
}

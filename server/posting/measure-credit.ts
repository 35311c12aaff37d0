import { kernelLimits } from '../../protocol/kernel.ts'
import { collatzRecords } from '../../wasm/collatz-records/descriptor.ts'
import { readBuiltKernel } from '../catalogue.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** A tenth of a second of the reference core. */
const parameters = { from: '1', to: '150000000', startsPerTask: 150_000_000 }

/**
 * Runs a task whose credit is known: what a second of this machine is worth now, beside all else that it does.
 *
 * @returns 1 where the sandbox is being closed
 */
export async function measureCreditPerSecond(sandbox: Sandbox, signal: AbortSignal): Promise<number> {
  const { bytes } = await readBuiltKernel(collatzRecords.id)
  const end = await sandbox.run(
    {
      kernel: bytes,
      input: { kind: 'bytes', bytes: collatzRecords.encodeInput(parameters, 0n) },
      memoryCapBytes: kernelLimits.memoryBytes,
      outputCapBytes: kernelLimits.outputBytes,
      timeCapMs: 60_000,
    },
    signal,
  )
  return end.kind === 'done' && end.elapsedMs > 0 ? (collatzRecords.taskCredit(parameters) * 1000) / end.elapsedMs : 1
}

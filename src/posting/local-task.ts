import type { Digest } from '../../protocol/digest.ts'
import { kernelLimits } from '../../protocol/kernel.ts'
import { programKernelId } from '../../protocol/program.ts'
import type { RunInput } from '../../protocol/run-input.ts'
import { encodeTaskInput } from '../../protocol/task-input.ts'
import type { RerunTask } from '../../protocol/volunteer.ts'
import { findKernel } from '../../wasm/kernels.ts'
import type { ModuleDraft } from './draft.ts'
import type { DraftStore } from './draft-store.ts'
import { blobBytes } from './piece-bytes.ts'
import type { Prepared } from './prepared.ts'
import { taskView } from './task-view.ts'

/** Whoever tries a task here can stop it at any time; this ends one that was forgotten. */
const timeCapMs = 600_000

const caps = { memoryCapBytes: kernelLimits.memoryBytes, outputCapBytes: kernelLimits.outputBytes, timeCapMs }

interface LocalTask {
  readonly store: DraftStore
  readonly prepared: Prepared
  readonly index: bigint
  /** The module of an upload. */
  readonly module: ModuleDraft | undefined
  /** What the server's built-in kernel is named by. */
  readonly builtInDigest: Digest | undefined
}

/** A task of the draft as this browser's own sandbox runs it, with bytes that were sent nowhere. */
export async function localTask({ store, prepared, index, module, builtInDigest }: LocalTask): Promise<RerunTask> {
  if (prepared.kind === 'builtIn') {
    const kernel = findKernel(prepared.kernel.id)
    if (kernel === undefined || builtInDigest === undefined) throw new TypeError('The kernel is not known here.')
    const input = kernel.encodeInput(prepared.parameters, index)
    return { kernel: { kind: 'digest', digest: builtInDigest }, kernelId: kernel.id, input, ...caps }
  }
  if (module === undefined) throw new TypeError('An upload has a module.')
  const bytes = new Uint8Array(await (await store.get(module.file)).arrayBuffer())
  const input = await runInputOf(prepared, index)
  return { kernel: { kind: 'bytes', bytes }, kernelId: programKernelId, input, ...caps }
}

async function runInputOf(prepared: Extract<Prepared, { kind: 'upload' }>, index: bigint): Promise<RunInput> {
  const { input, piece } = await taskView(prepared, index)
  if (input.kind === 'reactor') return { kind: 'bytes', bytes: piece }
  const files = input.files.map(async ({ path, digest }) => ({ path, bytes: await blobBytes(prepared.blobs, digest) }))
  // Randomness is a stream of the task's own input, as on every device.
  const seed = new Uint8Array(await crypto.subtle.digest('SHA-256', encodeTaskInput(input)))
  return { kind: 'command', arguments: input.arguments, stdin: piece, files: await Promise.all(files), seed }
}

import { createNumberMerge, type NumberMergeKind, UnmergeableError } from '../../protocol/merge-numbers.ts'
import type { BlobStore, StoredBlob } from '../blobs/blob-store.ts'
import type { JudgedTask } from '../db/read-judged.ts'
import { BlobTooLargeError } from '../errors.ts'

/** What became of a merge. `reason` is a sentence. */
export type MergeOutcome =
  | { readonly kind: 'merged'; readonly blob: StoredBlob }
  | { readonly kind: 'unmergeable'; readonly reason: string }

export interface MergeInput {
  readonly tasks: AsyncIterable<JudgedTask>
  readonly taskCount: bigint
  readonly blobs: Pick<BlobStore, 'put' | 'putStream'>
  readonly mostBytes: number
  /** Aborted: nothing is merged, and nothing is left behind. */
  readonly signal: AbortSignal
}

const tasksThat = (count: bigint, one: string, many: string) =>
  count === 1n ? `1 task ${one}` : `${count} tasks ${many}`

/**
 * Outputs of all tasks, in their order.
 *
 * @throws {UnmergeableError} in the end, where some tasks have none
 */
async function* allOutputs({
  tasks,
  taskCount,
  signal,
}: MergeInput): AsyncGenerator<{ index: bigint; output: Uint8Array }> {
  const counts = { accepted: 0n, failed: 0n, disputed: 0n }
  for await (const judged of tasks) {
    signal.throwIfAborted()
    counts[judged.state]++
    // What comes behind a gap is only counted.
    if (judged.state === 'accepted' && counts.failed + counts.disputed === 0n) yield judged
  }
  const { accepted, failed, disputed } = counts
  if (accepted === taskCount) return
  if (accepted + failed + disputed < taskCount)
    throw new Error(`Of ${taskCount} tasks, ${accepted + failed + disputed} have a verdict in the log.`)
  const gaps = [
    ...(failed > 0n ? [tasksThat(failed, 'failed', 'failed')] : []),
    ...(disputed > 0n ? [tasksThat(disputed, 'is disputed', 'are disputed')] : []),
  ]
  throw new UnmergeableError(`${gaps.join(' and ')}. Run them again, and the outputs are merged then.`)
}

async function* allBytes(input: MergeInput): AsyncGenerator<Uint8Array> {
  for await (const { output } of allOutputs(input)) if (output.length > 0) yield output
}

async function orUnmergeable(merge: () => Promise<StoredBlob>, mostBytes: number): Promise<MergeOutcome> {
  try {
    return { kind: 'merged', blob: await merge() }
  } catch (error) {
    if (error instanceof UnmergeableError) return { kind: 'unmergeable', reason: error.message }
    if (error instanceof BlobTooLargeError)
      return {
        kind: 'unmergeable',
        reason: `The outputs together have more than the ${mostBytes} bytes that are merged.`,
      }
    throw error
  }
}

/** Puts numbers together. The answer is as long as an output. */
export const mergeNumbers = (kind: NumberMergeKind, input: MergeInput): Promise<MergeOutcome> =>
  orUnmergeable(async () => {
    const merge = createNumberMerge(kind)
    for await (const { index, output } of allOutputs(input)) merge.add(index, output)
    const bytes = merge.result()
    return { digest: await input.blobs.put(bytes), bytes: bytes.length }
  }, input.mostBytes)

/** One output behind the other, without anything between them. */
export const concatenate = (input: MergeInput): Promise<MergeOutcome> =>
  orUnmergeable(() => input.blobs.putStream(allBytes(input), { mostBytes: input.mostBytes }), input.mostBytes)

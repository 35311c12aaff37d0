import type { Digest } from '../../protocol/digest.ts'
import { type JobFile, type ProgramParameters, programKernelId } from '../../protocol/program.ts'
import type { BlobStore, StoredBlob } from '../blobs/blob-store.ts'
import { operatorsJob } from '../catalogue.ts'
import type { JobRow, NewJobRow } from '../db/jobs.ts'
import { programJobKernel } from '../job-kernel.ts'
import { readModule } from '../posting/read-module.ts'

/** What a merge kernel may read: it has it in its memory. */
export const mergeInputBytesMost = 64 << 20

/** The path where a WASI command finds the outputs; they are its standard input as well. */
const inputPath = 'outputs'

export type MergeJob =
  | { readonly kind: 'ready'; readonly row: NewJobRow; readonly blobs: readonly Digest[] }
  | { readonly kind: 'unmergeable'; readonly reason: string }

/**
 * The job whose one task merges the outputs of another: the poster's own module reads them, one behind the other. It is
 * verified as the tasks of that job are, and an accepted replica of it earns as much.
 */
export async function prepareMergeJob(input: {
  readonly job: JobRow
  readonly module: Digest
  /** The outputs. */
  readonly outputs: StoredBlob
  readonly blobs: BlobStore
  readonly now: Date
}): Promise<MergeJob> {
  const { job, module, outputs, blobs, now } = input
  const read = await readModule(blobs, module)
  if (read.kind === 'refused') return { kind: 'unmergeable', reason: read.reason }
  const files: JobFile[] = [{ path: inputPath, ...outputs }]
  const list = await blobs.put(Buffer.from(JSON.stringify(files)))
  const parameters: ProgramParameters = {
    kind: read.program,
    split: { kind: 'files', list, count: '1' },
    arguments: [],
    stdin: 'piece',
    shared: [],
  }
  const { emptySummary } = programJobKernel({ parameters, selection: undefined }, parameters, { kind: 'files', files })
  return {
    kind: 'ready',
    blobs: [module, list, outputs.digest],
    row: {
      kernelId: programKernelId,
      kernelDigest: Buffer.from(module, 'hex'),
      kernelBytes: read.bytes.length,
      parameters,
      policy: job.policy,
      microCredits: job.microCredits,
      taskCount: 1n,
      chunkSize: 1,
      weight: job.weight,
      createdAt: now,
      emptySummary,
      ...operatorsJob,
      accountId: job.accountId,
      title: job.title,
      description: `Merges the outputs of job ${job.id}.`,
    },
  }
}

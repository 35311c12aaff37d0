import { readFile } from 'node:fs/promises'
import type { Digest } from '../protocol/digest.ts'
import { defaultPolicy } from '../protocol/jobs.ts'
import { kernels } from '../wasm/kernels.ts'
import { kernelManifest } from '../wasm/manifest.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import type { NewJobRow } from './db/jobs.ts'

const built = new URL('../dist/kernels/', import.meta.url)

/** Millionths of a credit in a credit. */
export const microCreditsPerCredit = 1_000_000

/** Tasks travel between database and server in chunks of about ten minutes of the reference core, within bounds. */
const chunkSeconds = 600
const chunkTasks = { least: 256, most: 32_768 }

export const chunkSizeFor = (credit: number): number =>
  Math.min(chunkTasks.most, Math.max(chunkTasks.least, Math.round(chunkSeconds / credit)))

/** What only posted jobs have. */
export const operatorsJob = {
  accountId: undefined,
  title: undefined,
  description: undefined,
  budget: undefined,
  deadline: undefined,
  merge: { kind: 'none' },
  merged: undefined,
  rerunOf: undefined,
  selection: undefined,
  trialId: undefined,
} as const

export interface BuiltKernel {
  readonly digest: Digest
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A built-in kernel as this version has it. */
export async function readBuiltKernel(id: string): Promise<BuiltKernel> {
  const manifest = kernelManifest.parse(JSON.parse(await readFile(new URL('manifest.json', built), 'utf8')))
  const entry = manifest[id]
  if (entry === undefined) throw new Error(`Kernel ${id} is not built. Run npm run build:kernels.`)
  return { digest: entry.digest, bytes: new Uint8Array(await readFile(new URL(`${entry.digest}.wasm`, built))) }
}

/** Jobs that a server starts with fill what is left: what somebody has posted comes first, ten to one. */
const seedWeight = 0.1

/** Puts the built kernels among the blobs, and makes of each a job sponsored by the operator. */
export async function prepareSeedJobs(blobs: BlobStore, now: Date): Promise<NewJobRow[]> {
  const jobs: NewJobRow[] = []
  for (const descriptor of Object.values(kernels)) {
    const { digest, bytes } = await readBuiltKernel(descriptor.id)
    await blobs.put(bytes)
    jobs.push({
      kernelId: descriptor.id,
      kernelDigest: Buffer.from(digest, 'hex'),
      kernelBytes: bytes.length,
      parameters: descriptor.seed,
      policy: defaultPolicy,
      microCredits: BigInt(Math.round(descriptor.taskCredit(descriptor.seed) * microCreditsPerCredit)),
      taskCount: descriptor.taskCount(descriptor.seed),
      chunkSize: chunkSizeFor(descriptor.taskCredit(descriptor.seed)),
      weight: seedWeight,
      createdAt: now,
      ...operatorsJob,
      emptySummary: descriptor.emptySummary,
    })
  }
  return jobs
}

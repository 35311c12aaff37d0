import { readFile } from 'node:fs/promises'
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

/** Puts the built kernels among the blobs, and makes of each a job sponsored by the operator. */
export async function prepareSeedJobs(blobs: BlobStore, now: Date): Promise<NewJobRow[]> {
  const manifest = kernelManifest.parse(JSON.parse(await readFile(new URL('manifest.json', built), 'utf8')))
  const jobs: NewJobRow[] = []
  for (const descriptor of Object.values(kernels)) {
    const entry = manifest[descriptor.id]
    if (entry === undefined) throw new Error(`Kernel ${descriptor.id} is not built. Run npm run build:kernels.`)
    await blobs.put(await readFile(new URL(`${entry.digest}.wasm`, built)))
    jobs.push({
      kernelId: descriptor.id,
      kernelDigest: Buffer.from(entry.digest, 'hex'),
      kernelBytes: entry.bytes,
      parameters: descriptor.seed,
      policy: defaultPolicy,
      microCredits: BigInt(Math.round(descriptor.taskCredit(descriptor.seed) * microCreditsPerCredit)),
      taskCount: descriptor.taskCount(descriptor.seed),
      chunkSize: chunkSizeFor(descriptor.taskCredit(descriptor.seed)),
      weight: 1,
      createdAt: now,
      ...operatorsJob,
      emptySummary: descriptor.emptySummary,
    })
  }
  return jobs
}

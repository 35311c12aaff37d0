import type { Digest } from '../../protocol/digest.ts'
import { type JobId, taskId } from '../../protocol/ids.ts'
import {
  type ManifestHead,
  type ManifestTask,
  manifestEnd,
  manifestLine,
  manifestStart,
} from '../../protocol/manifest.ts'
import type { JobRow } from '../db/jobs.ts'
import type { FilledTask } from './read-filled.ts'

type MergedFile = NonNullable<ManifestHead['merged']>

const toHead = (job: JobRow, merged: MergedFile | undefined): ManifestHead => ({
  format: 'tidemill-results',
  version: 1,
  job: {
    id: `${job.id}` as JobId,
    ...(job.title !== undefined && { title: job.title }),
    kernelId: job.kernelId,
    kernelDigest: job.kernelDigest.toString('hex') as Digest,
    parameters: job.parameters,
    policy: job.policy,
    tasks: `${job.taskCount}`,
    createdAt: job.createdAt.toISOString(),
    ...(job.rerunOf !== undefined && { rerunOf: `${job.rerunOf}` as JobId }),
  },
  merge: job.merge,
  ...(merged && { merged }),
})

function toTask(judged: FilledTask, path: string): ManifestTask {
  const index = `${judged.index}`
  switch (judged.state) {
    case 'accepted': {
      const { state, output, certainty, rerunBy } = judged
      const again = rerunBy && { rerunBy: taskId(`${rerunBy.jobId}` as JobId, rerunBy.index) }
      return { index, state, path, digest: judged.digest as Digest, bytes: output.length, certainty, ...again }
    }
    case 'failed':
      return { index, state: judged.state, reason: judged.reason, certainty: judged.certainty }
    case 'disputed':
      return { index, state: judged.state }
  }
}

/** Writes a manifest piece by piece: `start`, `add` for each task in their order, `end`. */
export function createManifestWriter(input: { readonly job: JobRow; readonly merged: MergedFile | undefined }) {
  const { job, merged } = input
  const counts = { accepted: 0n, failed: 0n, disputed: 0n }
  let judgedAt = 0
  let isFirst = true
  return {
    start: (): string => manifestStart(toHead(job, merged)),
    /** @param path of its output, where it is accepted */
    add(judged: FilledTask, path = ''): string {
      counts[judged.state]++
      judgedAt = Math.max(judgedAt, judged.judgedAt)
      const line = manifestLine(toTask(judged, path), isFirst)
      isFirst = false
      return line
    },
    end(): string {
      const { accepted, failed, disputed } = counts
      const missing = job.taskCount - accepted - failed - disputed
      return manifestEnd({
        counts: { accepted: `${accepted}`, failed: `${failed}`, disputed: `${disputed}`, missing: `${missing}` },
        ...(judgedAt > 0 && { judgedAt: new Date(judgedAt).toISOString() }),
      })
    },
  }
}

/** A manifest by itself. */
export async function* writeManifest(
  writer: ReturnType<typeof createManifestWriter>,
  tasks: AsyncIterable<FilledTask>,
  nameOf: (index: bigint, output: Uint8Array) => string,
): AsyncGenerator<string> {
  yield writer.start()
  for await (const judged of tasks)
    yield writer.add(judged, judged.state === 'accepted' ? nameOf(judged.index, judged.output) : '')
  yield writer.end()
}

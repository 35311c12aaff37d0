import { FileList, LineList, ProgramParameters, programKernelId, type SplitList } from '../../protocol/program.ts'
import type { BlobStore } from '../blobs.ts'
import type { JobRow } from '../db/jobs.ts'

/** What an uploaded program is run with. */
export interface JobInputs {
  readonly parameters: ProgramParameters
  /** Where its split has one. */
  readonly list: SplitList | undefined
}

/** @returns undefined for a job of a built-in kernel */
export async function loadInputs(blobs: BlobStore, job: JobRow): Promise<JobInputs | undefined> {
  if (job.kernelId !== programKernelId) return undefined
  const parameters = ProgramParameters.parse(job.parameters)
  const { split } = parameters
  if (split.kind !== 'files' && split.kind !== 'lines') return { parameters, list: undefined }
  const bytes = await blobs.get(split.list)
  if (bytes === undefined) throw new Error(`The list of job ${job.id} is not among the blobs: ${split.list}.`)
  const json: unknown = JSON.parse(bytes.toString())
  const list: SplitList =
    split.kind === 'files'
      ? { kind: 'files', files: FileList.parse(json) }
      : { kind: 'lines', packs: LineList.parse(json) }
  return { parameters, list }
}

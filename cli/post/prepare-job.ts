import { basename, resolve } from 'node:path'
import type { Digest } from '../../protocol/digest.ts'
import { inspectModule } from '../../protocol/inspect-module.ts'
import { jobFileProblems } from '../../protocol/job-json.ts'
import type { Merge } from '../../protocol/jobs.ts'
import type { PostedKernel } from '../../protocol/posting.ts'
import { type JobFile as PostedFile, ProgramParameters } from '../../protocol/program.ts'
import { placeholdersOf, unknownPlaceholder } from '../../protocol/task-input.ts'
import { inTree, type LocalFile } from './find-files.ts'
import { type JobFile, JobFileError, readLocalFile } from './job-file.ts'
import { only, type Sending, sendFile } from './send-file.ts'
import { sendTasks } from './send-tasks.ts'

/** What a trial and a job are made of, once all that the poster's machine gives is with the server. */
export interface PreparedJob {
  readonly kernel: PostedKernel
  readonly parameters: unknown
  readonly merge: Merge
}

type Split = ProgramParameters['split']
type Input = NonNullable<JobFile['job']['input']>

/** Looks into a module before it is sent. @throws {JobFileError} where no device would run it */
async function readModule(path: string) {
  const bytes = await readLocalFile(path)
  const inspection = inspectModule(bytes)
  if (inspection.kind === 'refused') throw new JobFileError(`${path} cannot be posted. ${inspection.reason}`)
  return { bytes, program: inspection.program }
}

const unknownYet = '0'.repeat(64) as Digest

/** The split as far as job.json alone tells it. */
function sketchSplit(input: Input): Split {
  switch (input.kind) {
    case 'range':
      return { kind: 'range', from: `${input.from}`, to: `${input.to}`, size: `${input.size}` }
    case 'sweep':
      return {
        kind: 'sweep',
        grid: Object.entries(input.values).map(([name, values]) => ({ name, values: values.map(String) })),
      }
    case 'lines':
      return { kind: 'lines', list: unknownYet, count: '1' }
    case 'files':
    case 'archive':
      return { kind: 'files', list: unknownYet, count: '1' }
  }
}

/** Refuses what the server would refuse, before anything is sent. */
function checkParameters(parameters: ProgramParameters): void {
  const { error } = ProgramParameters.safeParse(parameters)
  if (error)
    throw new JobFileError(
      `The job is not as it should be:\n${jobFileProblems(error)
        .map(line => `  ${line}`)
        .join('\n')}`,
    )
  const unknown = unknownPlaceholder(parameters)
  if (unknown === undefined) return
  const known = placeholdersOf(parameters).map(name => `{${name}}`)
  throw new JobFileError(`The arguments have {${unknown}}. This job knows ${known.join(', ')}; a brace itself is {{.`)
}

const sendSplit = (input: Input, sketch: Split, folder: string, sending: Sending): Promise<Split> =>
  input.kind === 'range' || input.kind === 'sweep' ? Promise.resolve(sketch) : sendTasks(input, folder, sending)

/** Files that all tasks share: a path in the folder is theirs too, any other needs one of its own. */
const sharedFiles = (job: JobFile['job'], folder: string): LocalFile[] =>
  (job.shared ?? []).map(shared =>
    typeof shared === 'string'
      ? inTree(folder, resolve(folder, shared))
      : { path: shared.path, localPath: resolve(folder, shared.file) },
  )

async function prepareMerge(merge: JobFile['job']['merge'], folder: string, sending: Sending): Promise<Merge> {
  if (merge?.kind !== 'kernel') return merge ?? { kind: 'none' }
  const path = resolve(folder, merge.program)
  const { bytes } = await readModule(path)
  const { digest } = await sending.uploader.upload(only(bytes), { signal: sending.signal })
  return { kind: 'kernel', digest }
}

/**
 * Looks at what a job.json names, and sends it.
 *
 * @throws {JobFileError} where something of it cannot be posted, with what to change
 */
export async function prepareJob({ job, folder }: JobFile, sending: Sending): Promise<PreparedJob> {
  if (job.program === undefined || job.input === undefined) {
    const merge = await prepareMerge(job.merge, folder, sending)
    return { kernel: { kind: 'builtIn', id: job.kernel ?? '' }, parameters: job.parameters, merge }
  }
  const path = resolve(folder, job.program)
  const { bytes, program } = await readModule(path)
  const described = {
    kind: program,
    arguments: [...(job.arguments ?? [])],
    stdin: job.stdin ?? ('piece' as const),
  }
  const split = sketchSplit(job.input)
  checkParameters({ ...described, split, shared: [] })
  const shared = sharedFiles(job, folder)

  const { signal, show, uploader } = sending
  const { digest } = await uploader.upload(only(bytes), {
    signal,
    onProgress: sent => show(basename(path), sent),
  })
  const files: PostedFile[] = []
  for (const file of shared) files.push(await sendFile(file, sending))
  const parameters = { ...described, split: await sendSplit(job.input, split, folder, sending), shared: files }
  checkParameters(parameters)
  return {
    kernel: { kind: 'upload', digest },
    parameters,
    merge: await prepareMerge(job.merge, folder, sending),
  }
}

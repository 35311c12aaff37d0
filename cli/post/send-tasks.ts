import { basename, extname, resolve } from 'node:path'
import type { JobFileDescription } from '../../protocol/job-json.ts'
import { prepareSplit } from '../../protocol/posting/prepare-split.ts'
import type { GivenFile } from '../../protocol/posting/read-archive.ts'
import type { Split } from '../../protocol/program.ts'
import { findFiles, type LocalFile } from './find-files.ts'
import { blame, openLocalFile, type Sending } from './send-file.ts'

type Input = NonNullable<JobFileDescription['input']>

/** Inputs that are files, and so have to be sent. */
export type FileInput = Extract<Input, { kind: 'lines' | 'files' | 'archive' }>

async function* openAll(files: readonly LocalFile[]): AsyncGenerator<GivenFile> {
  for (const { path, localPath } of files) {
    const file = await openLocalFile(localPath)
    yield { path, bytes: file.size, stream: () => file.stream() }
  }
}

const optionsOf = (what: string, tasks: string, { uploader, signal, show }: Sending) => ({
  uploader,
  signal,
  onProgress: (progress: { tasks: number; bytes: number }) =>
    show(`${what}, ${progress.tasks} ${tasks}`, progress.bytes),
})

/**
 * Sends the inputs that a job.json names, as tasks.
 *
 * @throws {JobFileError} where they cannot become tasks, with what to change
 */
export async function sendTasks(input: FileInput, folder: string, sending: Sending): Promise<Split> {
  if (input.kind === 'files') {
    const files = await findFiles(folder, input.files)
    const options = optionsOf(`${files.length} files`, 'of them', sending)
    return blame(folder, async () => (await prepareSplit({ kind: 'files', files: openAll(files) }, options)).split)
  }
  const path = resolve(folder, input.file)
  const file = await openLocalFile(path)
  const options = optionsOf(basename(path), input.kind === 'lines' ? 'lines' : 'files', sending)
  if (input.kind === 'archive')
    return blame(path, async () => (await prepareSplit({ kind: 'archive', file }, options)).split)
  const isTable = (input.format ?? (extname(path).toLowerCase() === '.csv' ? 'csv' : 'text')) === 'csv'
  const chosen = { kind: 'lines', file, quoted: isTable, header: input.header ?? isTable } as const
  return blame(path, async () => (await prepareSplit(chosen, options)).split)
}

import type { FileEntry } from '@zip.js/zip.js'
import type { Digest } from '../../protocol/digest.ts'
import type { TaskId } from '../../protocol/ids.ts'
import { taskId } from '../../protocol/ids.ts'
import {
  ManifestError,
  type ManifestHead,
  type ManifestTail,
  type ManifestTask,
  manifestName,
  readManifest,
} from '../../protocol/manifest.ts'
import { FilePath } from '../../protocol/program.ts'
import { UnreadableResultsError, type ZipFile } from './zip-file.ts'

/** As many tasks as a server writes into a zip. */
const tasksMost = 1_000_000n

/** A file that is to be there. */
export interface ExpectedFile {
  readonly digest: Digest
  readonly bytes: number
  /** Whose output it is; undefined: the merged answer. */
  readonly index: bigint | undefined
  /** Where its receipt is. */
  readonly taskId: TaskId | undefined
}

export interface LoadedManifest {
  readonly head: ManifestHead
  readonly tail: ManifestTail
  /** By their paths, in the order of their tasks. */
  readonly files: ReadonlyMap<string, ExpectedFile>
  readonly counts: { readonly accepted: bigint; readonly failed: bigint; readonly disputed: bigint }
  /** Sentences on the first tasks that failed. */
  readonly failures: readonly string[]
}

const failuresKept = 5

async function findManifest(zip: ZipFile): Promise<FileEntry> {
  let found: FileEntry | undefined
  for await (const entry of zip.entries()) if (entry.filename === manifestName) found = entry
  if (found !== undefined) return found
  throw new UnreadableResultsError(`The zip has no ${manifestName}: it is not what Tidemill gave out as results.`)
}

/** @throws {UnreadableResultsError} that says what is wrong with it */
export async function loadManifest(zip: ZipFile): Promise<LoadedManifest> {
  const entry = await findManifest(zip)
  try {
    return await load(zip.read(entry))
  } catch (cause) {
    if (cause instanceof UnreadableResultsError) throw cause
    const why = cause instanceof ManifestError ? cause.message : `It cannot be unpacked. ${(cause as Error).message}`
    throw new UnreadableResultsError(`${manifestName} is damaged, so nothing can be checked by it. ${why}`, { cause })
  }
}

async function load(parts: AsyncIterable<Uint8Array>): Promise<LoadedManifest> {
  let head: ManifestHead | undefined
  let tail: ManifestTail | undefined
  const files = new Map<string, ExpectedFile>()
  const counts = { accepted: 0n, failed: 0n, disputed: 0n }
  const failures: string[] = []

  function expect(path: string, file: ExpectedFile): void {
    if (!FilePath.safeParse(path).success)
      throw new ManifestError(`It names the file ${JSON.stringify(path)}, which is no path within the results.`)
    if (files.has(path)) throw new ManifestError(`It names the file ${path} twice.`)
    files.set(path, file)
  }

  function addTask(task: ManifestTask, { job }: ManifestHead): void {
    counts[task.state]++
    if (task.state === 'failed' && failures.length < failuresKept)
      failures.push(`Task ${task.index} failed: ${task.reason}`)
    if (task.state !== 'accepted') return
    const { path, digest, bytes, rerunBy } = task
    const index = BigInt(task.index)
    expect(path, { digest, bytes, index, taskId: rerunBy ?? taskId(job.id, index) })
  }

  for await (const part of readManifest(parts)) {
    if (part.kind === 'head') {
      head = part.head
      if (BigInt(head.job.tasks) > tasksMost)
        throw new ManifestError(`It is of ${head.job.tasks} tasks; results of at most ${tasksMost} come as a zip.`)
    } else if (part.kind === 'task' && head !== undefined) addTask(part.task, head)
    else if (part.kind === 'tail') tail = part.tail
  }
  if (head === undefined || tail === undefined) throw new ManifestError('It ends too early.')
  if (head.merged !== undefined) expect(head.merged.path, { ...head.merged, index: undefined, taskId: undefined })
  return { head, tail, files, counts, failures }
}

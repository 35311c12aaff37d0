import { FilePath } from '../program.ts'
import { readPieces } from './byte-stream.ts'
import { PostingError } from './posting-error.ts'

/** A file that a poster gives: of an archive, of a folder, or by itself. */
export interface GivenFile {
  readonly path: string
  readonly bytes: number
  /** May be called once. Files of an archive are to be read, or left, before the next is asked for. */
  stream(): ReadableStream<Uint8Array>
}

/** An entry as its format says it, before anything of it is believed. */
export interface ArchiveEntry {
  readonly path: string
  readonly bytes: number
  readonly kind: 'file' | 'folder' | 'link' | 'device' | 'encrypted'
  stream(): ReadableStream<Uint8Array>
}

export interface ArchiveLimits {
  readonly files: number
  /** Of all files together, unpacked. */
  readonly bytes: number
}

export const archiveLimits: ArchiveLimits = { files: 100_000, bytes: 8 * 2 ** 30 }

const refusals: Readonly<Record<Exclude<ArchiveEntry['kind'], 'file' | 'folder'>, string>> = {
  link: 'is a link. Put the file itself into the archive',
  device: 'is no file. Take it out of the archive',
  encrypted: 'is encrypted. Make the archive without a password',
}

/** What programs that make archives add of their own. */
const isLitter = (path: string): boolean => /^__MACOSX\/|(^|\/)(\.DS_Store|\._[^/]*)$/.test(path)

async function formatOf(archive: Blob): Promise<'zip' | 'tar' | 'tar.gz'> {
  const head = new Uint8Array(await archive.slice(0, 512).arrayBuffer())
  const starts = (...bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte)
  if (starts(0x50, 0x4b, 3, 4) || starts(0x50, 0x4b, 5, 6)) return 'zip'
  if (starts(0x1f, 0x8b)) return 'tar.gz'
  if (new TextDecoder().decode(head.subarray(257, 262)) === 'ustar') return 'tar'
  throw new PostingError('The file is no archive that can be read here: a zip, a tar or a tar.gz is expected.')
}

/** Readers are loaded when they are needed: most posters give none of their formats. */
async function open(archive: Blob, format: 'zip' | 'tar' | 'tar.gz', limits: ArchiveLimits) {
  if (format === 'zip') return (await import('./read-zip.ts')).readZip(archive)
  return (await import('./read-tar.ts')).readTar(archive, format, limits)
}

const damaged = (what: string, cause: unknown) =>
  new PostingError(
    `${what} is damaged, or of a kind that cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    { cause },
  )

/** Stops a file that has other bytes than its archive says, and says which one could not be unpacked. */
function checkFile({ path, bytes, stream }: ArchiveEntry): ReadableStream<Uint8Array> {
  const pieces = readPieces(stream())
  let seen = 0
  function count(more: number, isOver: boolean): void {
    seen += more
    if (isOver ? seen !== bytes : seen > bytes)
      throw new PostingError(`${path} has not the ${bytes} bytes that its archive says. Make the archive anew.`)
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next()
        count(value?.length ?? 0, done === true)
        if (value === undefined) controller.close()
        else controller.enqueue(value)
      } catch (cause) {
        await pieces.return(undefined)
        throw cause instanceof PostingError ? cause : damaged(path, cause)
      }
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}

/**
 * Reads a zip, tar or tar.gz, file by file, without holding more than a piece of it. Folders, and what macOS adds, are
 * left out. A file is to be read, or left, before the next is asked for.
 *
 * @throws {PostingError} where it is no archive, is damaged, or holds what no job may: the message names the entry
 * @example
 * for await (const { path, stream } of readArchive(file)) await uploader.upload(stream())
 */
export async function* readArchive(archive: Blob, limits: ArchiveLimits = archiveLimits): AsyncGenerator<GivenFile> {
  const entries = await open(archive, await formatOf(archive), limits)
  const seen = new Set<string>()
  let bytes = 0
  try {
    for await (const entry of entries) {
      const path = entry.path.replace(/^(\.\/)+/, '')
      if (entry.kind === 'folder' || isLitter(path)) continue
      if (!FilePath.safeParse(path).success)
        throw new PostingError(
          `The archive holds "${entry.path}", which is no path within it. Expected names with / between, none of them . or ..`,
        )
      if (entry.kind !== 'file') throw new PostingError(`${path} ${refusals[entry.kind]}.`)
      if (seen.has(path)) throw new PostingError(`The archive holds ${path} twice. Take one out.`)
      seen.add(path)
      if (seen.size > limits.files)
        throw new PostingError(
          `The archive holds more than ${limits.files} files. Put many small inputs into one text.`,
        )
      bytes += entry.bytes
      if (bytes > limits.bytes)
        throw new PostingError(
          `With ${path}, the archive unpacks to more than ${limits.bytes} bytes. Post less at once.`,
        )
      yield { path, bytes: entry.bytes, stream: () => checkFile({ ...entry, path }) }
    }
  } catch (cause) {
    if (cause instanceof PostingError) throw cause
    throw damaged('The archive', cause)
  }
}

import type { Digest } from '../digest.ts'
import { FilePath, type JobFile, type LinePack, programLimits, type Split, type SplitList } from '../program.ts'
import { type LineOptions, packLines } from './pack-lines.ts'
import { PostingError } from './posting-error.ts'
import { type GivenFile, readArchive } from './read-archive.ts'
import type { Uploader } from './upload.ts'

/** Inputs that a poster chose, to be cut into tasks. */
export type ChosenInput =
  /** A task a line of a text, or a record of a table. */
  | ({ readonly kind: 'lines'; readonly file: Blob } & Pick<LineOptions, 'quoted' | 'header'>)
  /** A task a file. */
  | { readonly kind: 'files'; readonly files: Iterable<GivenFile> | AsyncIterable<GivenFile> }
  /** A task a file of a zip, tar or tar.gz. */
  | { readonly kind: 'archive'; readonly file: Blob }

export interface SplitProgress {
  /** Tasks found so far. */
  readonly tasks: number
  /** Bytes of inputs that are with the server; of an archive, as unpacked. */
  readonly bytes: number
}

export interface PreparedSplit {
  readonly split: Extract<Split, { kind: 'lines' | 'files' }>
  /** What the list blob says: what `taskInputOf` takes. */
  readonly list: SplitList
}

export interface PrepareOptions {
  readonly uploader: Uploader
  onProgress?(progress: SplitProgress): void
  readonly signal?: AbortSignal | undefined
}

/** Uploads at the same time: a small file is mostly waiting. */
const lanes = 4

/** Runs at most {@link lanes} uploads at a time; the first failure ends it. */
function createLanes() {
  const open = new Set<Promise<void>>()
  let failure: { error: unknown } | undefined
  return {
    async add(act: () => Promise<void>): Promise<void> {
      while (open.size >= lanes) await Promise.race(open)
      if (failure) throw failure.error
      const running = act()
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(() => open.delete(running))
      open.add(running)
    },
    async settle(): Promise<void> {
      await Promise.all(open)
      if (failure) throw failure.error
    },
    /** Waits for what is under way, whatever becomes of it. */
    async abandon(): Promise<void> {
      await Promise.all(open)
    },
  }
}

const asStream = (bytes: Uint8Array<ArrayBuffer>) =>
  (async function* () {
    yield bytes
  })()

async function storeList(list: readonly (JobFile | LinePack)[], { uploader, signal }: PrepareOptions): Promise<Digest> {
  const bytes = new TextEncoder().encode(JSON.stringify(list))
  if (bytes.length > programLimits.listBytes)
    throw new PostingError(
      `The list of the inputs has ${bytes.length} bytes, and may have ${programLimits.listBytes}. Post fewer inputs in one job, or shorter names.`,
    )
  return (await uploader.upload(asStream(bytes), { signal })).digest
}

async function prepareLines(
  { file, quoted, header }: Extract<ChosenInput, { kind: 'lines' }>,
  options: PrepareOptions,
): Promise<PreparedSplit> {
  const { uploader, onProgress, signal } = options
  const packs: LinePack[] = []
  const uploads = createLanes()
  let [tasks, bytes] = [0, 0]
  let headerText: string | undefined
  try {
    for await (const packed of packLines(file.stream(), { quoted, header })) {
      if (packed.kind === 'header') {
        headerText = packed.text
        continue
      }
      tasks += packed.lines
      const at = packs.push({ digest: '' as Digest, bytes: packed.bytes.length, lines: packed.lines }) - 1
      await uploads.add(async () => {
        const { digest } = await uploader.upload(asStream(packed.bytes), { signal })
        packs[at] = { digest, bytes: packed.bytes.length, lines: packed.lines }
        bytes += packed.bytes.length
        onProgress?.({ tasks, bytes })
      })
    }
    await uploads.settle()
  } finally {
    await uploads.abandon()
  }
  if (tasks === 0)
    throw new PostingError(
      headerText === undefined ? 'The file has no lines.' : 'The file has a header, and no records after it.',
    )
  const list = await storeList(packs, options)
  return {
    split: { kind: 'lines', list, count: `${tasks}`, ...(headerText !== undefined && { header: headerText }) },
    list: { kind: 'lines', packs },
  }
}

/** @param isOneByOne whether a file must be read before the next is asked for */
async function prepareFiles(
  given: Iterable<GivenFile> | AsyncIterable<GivenFile>,
  isOneByOne: boolean,
  options: PrepareOptions,
): Promise<PreparedSplit> {
  const { uploader, onProgress, signal } = options
  const files: JobFile[] = []
  const seen = new Set<string>()
  const uploads = createLanes()
  let bytes = 0
  try {
    for await (const { path, stream } of given) {
      if (!FilePath.safeParse(path).success)
        throw new PostingError(`"${path}" cannot name a file of a job. Rename it: no \\, no control characters.`)
      if (seen.has(path)) throw new PostingError(`There are two files ${path}. Take one out, or rename it.`)
      seen.add(path)
      const at = files.push({ path, digest: '' as Digest, bytes: 0 }) - 1
      await uploads.add(async () => {
        let told = 0
        const stored = await uploader.upload(stream(), {
          signal,
          onProgress(sent) {
            bytes += sent - told
            told = sent
            onProgress?.({ tasks: files.length, bytes })
          },
        })
        files[at] = { path, ...stored }
      })
      if (isOneByOne) await uploads.settle()
    }
    await uploads.settle()
  } finally {
    await uploads.abandon()
  }
  if (files.length === 0) throw new PostingError('There are no files in it.')
  const list = await storeList(files, options)
  return { split: { kind: 'files', list, count: `${files.length}` }, list: { kind: 'files', files } }
}

/**
 * Uploads what a poster chose, in pieces as a job needs them, and the list that says which task is which. Called again
 * after a failure, it sends only what is not there yet.
 *
 * @throws {PostingError} where it cannot become a job, and what {@link Uploader.upload} throws
 * @example
 * const { split, list } = await prepareSplit({ kind: 'lines', file, quoted: true, header: true }, { uploader })
 */
export function prepareSplit(chosen: ChosenInput, options: PrepareOptions): Promise<PreparedSplit> {
  switch (chosen.kind) {
    case 'lines':
      return prepareLines(chosen, options)
    case 'files':
      return prepareFiles(chosen.files, false, options)
    case 'archive':
      return prepareFiles(readArchive(chosen.file), true, options)
  }
}

import { sha256 } from '../../protocol/digest.ts'
import { packLines } from '../../protocol/posting/pack-lines.ts'
import { PostingError } from '../../protocol/posting/posting-error.ts'
import { type JobFile, type LinePack, programLimits, type Split, type SplitList } from '../../protocol/program.ts'
import { splitCount } from '../../protocol/task-input.ts'
import type { InputDraft, ShelfFile } from './draft.ts'
import type { DraftStore } from './draft-store.ts'
import type { PreparedBlob } from './prepared.ts'
import { readGrid, readRange } from './read-split.ts'

/** The input of a job, cut into its tasks. */
export type SplitPart =
  | {
      readonly kind: 'ready'
      readonly split: Split
      readonly list: SplitList | undefined
      readonly tasks: bigint
      readonly blobs: readonly PreparedBlob[]
    }
  /** The file has no line that would be a task. */
  | { readonly kind: 'empty' }

export interface FilesPart {
  readonly files: readonly JobFile[]
  readonly blobs: readonly PreparedBlob[]
}

/** Cuts what stands in the draft. Nothing leaves the browser. @throws {PostingError} that says what to change */
export async function cutSplit(store: DraftStore, input: InputDraft): Promise<SplitPart> {
  switch (input.way) {
    case 'range':
      return withoutList(readRange(input))
    case 'sweep':
      return withoutList({ kind: 'sweep', grid: readGrid(input) })
    case 'lines':
      return cutLines(store, input)
    case 'files': {
      const { files, blobs } = await takeFiles(store, input.files)
      return withList({ kind: 'files', files }, { kind: 'files' }, files.length, blobs)
    }
  }
}

const withoutList = (split: Split): SplitPart => ({
  kind: 'ready',
  split,
  list: undefined,
  tasks: splitCount({ split }),
  blobs: [],
})

/** The list is a blob too: the server reads it as the page wrote it. */
async function withList(
  list: SplitList,
  split: { readonly kind: 'files' } | { readonly kind: 'lines'; readonly header?: string },
  tasks: number,
  blobs: readonly PreparedBlob[],
): Promise<SplitPart> {
  const bytes = new TextEncoder().encode(JSON.stringify(list.kind === 'files' ? list.files : list.packs))
  if (bytes.length > programLimits.listBytes)
    throw new PostingError(
      `The list of files would have ${bytes.length} bytes, and may have ${programLimits.listBytes}.`,
    )
  const digest = await sha256(bytes)
  return {
    kind: 'ready',
    split: { ...split, list: digest, count: String(tasks) },
    list,
    tasks: BigInt(tasks),
    blobs: [...blobs, { digest, blob: new Blob([bytes]) }],
  }
}

async function cutLines(store: DraftStore, { lines, format, hasHeader }: InputDraft): Promise<SplitPart> {
  if (lines === undefined) return { kind: 'empty' }
  const packs: LinePack[] = []
  const blobs: PreparedBlob[] = []
  let header: string | undefined
  const stream = (await store.get(lines)).stream()
  for await (const packed of packLines(stream, { quoted: format === 'csv', header: format === 'csv' && hasHeader })) {
    if (packed.kind === 'header') {
      header = packed.text
      continue
    }
    const digest = await sha256(packed.bytes)
    packs.push({ digest, bytes: packed.bytes.length, lines: packed.lines })
    blobs.push({ digest, blob: new Blob([packed.bytes]) })
  }
  if (packs.length === 0) return { kind: 'empty' }
  const tasks = packs.reduce((sum, pack) => sum + pack.lines, 0)
  return withList({ kind: 'lines', packs }, { kind: 'lines', ...(header !== undefined && { header }) }, tasks, blobs)
}

/** Files with the digests that name them. */
export async function takeFiles(store: DraftStore, shelf: readonly ShelfFile[]): Promise<FilesPart> {
  const files: JobFile[] = []
  const blobs: PreparedBlob[] = []
  for (const file of shelf) {
    const blob = await store.get(file)
    const digest = await sha256(new Uint8Array(await blob.arrayBuffer()))
    files.push({ path: file.path, digest, bytes: file.bytes })
    blobs.push({ digest, blob })
  }
  return { files, blobs }
}

import { PostingError } from '../../protocol/posting/posting-error.ts'
import type { ShelfFile } from './draft.ts'
import type { DraftStore } from './draft-store.ts'

export type ShelvedFiles =
  | { readonly kind: 'taken'; readonly files: ShelfFile[] }
  | { readonly kind: 'refused'; readonly reason: string }

const isArchive = ({ name }: File): boolean => /\.(zip|tar|tar\.gz|tgz)$/i.test(name)

/** So many files are in memory at once while an archive is read. */
const batch = 64

async function unpack(store: DraftStore, archive: File): Promise<ShelfFile[]> {
  // What reads archives is large, and few jobs come in one.
  const { readArchive } = await import('../../protocol/posting/read-archive.ts')
  const files: ShelfFile[] = []
  let waiting: { path: string; blob: Blob }[] = []
  for await (const { path, stream } of readArchive(archive)) {
    waiting.push({ path, blob: await new Response(stream()).blob() })
    if (waiting.length < batch) continue
    files.push(...(await store.put(waiting)))
    waiting = []
  }
  return [...files, ...(await store.put(waiting))]
}

/** Keeps files beside the draft; those in archives by themselves. */
export async function shelveFiles(store: DraftStore, chosen: readonly File[]): Promise<ShelvedFiles> {
  const plain = chosen.filter(file => !isArchive(file))
  try {
    const files = await store.put(plain.map(file => ({ path: file.webkitRelativePath || file.name, blob: file })))
    for (const archive of chosen.filter(isArchive)) files.push(...(await unpack(store, archive)))
    return { kind: 'taken', files }
  } catch (error) {
    if (error instanceof PostingError) return { kind: 'refused', reason: error.message }
    throw error
  }
}

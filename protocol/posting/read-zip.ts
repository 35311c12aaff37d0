import { BlobReader, type Entry, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js'
import type { ArchiveEntry } from './read-archive.ts'

function kindOf(entry: Entry): ArchiveEntry['kind'] {
  if (entry.symlink) return 'link'
  if (entry.directory) return 'folder'
  return entry.encrypted ? 'encrypted' : 'file'
}

function streamOf(entry: Entry): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  if (entry.directory) throw new TypeError('A folder has no bytes.')
  // What goes wrong reaches the reader through the stream.
  entry
    .getData(writable, { checkSignature: true, checkOverlappingEntry: true })
    .catch((error: unknown) => writable.abort(error).catch(() => {}))
  return readable
}

/** Entries of a zip, in the order of its directory. Everything is judged by the caller. */
export async function* readZip(archive: Blob): AsyncGenerator<ArchiveEntry> {
  // Its own workers would need a policy that lets blobs run.
  const zip = new ZipReader(new BlobReader(archive), { useWebWorkers: false, filenameValidation: 'tolerant' })
  try {
    for await (const entry of zip.getEntriesGenerator())
      yield {
        path: entry.filename,
        bytes: entry.uncompressedSize,
        kind: kindOf(entry),
        stream: () => streamOf(entry),
      }
  } finally {
    await zip.close()
  }
}

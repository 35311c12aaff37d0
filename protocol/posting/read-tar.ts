import { createTarDecoder } from 'modern-tar'
import { readPieces } from './byte-stream.ts'
import { PostingError } from './posting-error.ts'
import type { ArchiveEntry, ArchiveLimits } from './read-archive.ts'

/** What a tar holds beside its files: a header and padding each, and longer headers for long names. */
const overheadBytes = 8 << 10

const kinds: Readonly<Record<string, ArchiveEntry['kind']>> = {
  file: 'file',
  directory: 'folder',
  link: 'link',
  symlink: 'link',
}

/** Ends a stream that unpacks to more than it may, so that a small archive cannot keep the reader busy for ever. */
function limitBytes({ files, bytes }: ArchiveLimits): TransformStream<Uint8Array, Uint8Array> {
  const most = bytes + (files + 1) * overheadBytes
  let seen = 0
  return new TransformStream({
    transform(piece, controller) {
      seen += piece.length
      if (seen > most) throw new PostingError(`The archive unpacks to more than ${bytes} bytes. Post less at once.`)
      controller.enqueue(piece)
    },
  })
}

/** Entries of a tar, in their order. Everything is judged by the caller. */
export async function* readTar(
  archive: Blob,
  format: 'tar' | 'tar.gz',
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  // The types of the engines differ in what a stream's pieces are backed by.
  const gunzip = () => new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>
  const packed: ReadableStream<Uint8Array> = archive.stream()
  const bytes = format === 'tar.gz' ? packed.pipeThrough(gunzip()) : packed
  const entries = bytes.pipeThrough(limitBytes(limits)).pipeThrough(createTarDecoder({ strict: true }))
  const reader = entries.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const { header, body } = value
      let isTaken = false
      yield {
        path: header.name,
        bytes: header.size,
        kind: kinds[header.type ?? 'file'] ?? 'device',
        stream() {
          isTaken = true
          return body
        },
      }
      // The next header comes only after all of this file.
      if (!isTaken) for await (const _ of readPieces(body));
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

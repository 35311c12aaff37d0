import { fromBase64Url } from '../../protocol/bytes.ts'
import type { Digest } from '../../protocol/digest.ts'
import { readPackLine } from '../../protocol/posting/pack-lines.ts'
import type { Piece } from '../../protocol/program.ts'
import type { PreparedBlob } from './prepared.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The bytes of a blob that is still here, not on the server. */
export async function blobBytes(blobs: readonly PreparedBlob[], digest: Digest): Promise<Bytes> {
  const found = blobs.find(blob => blob.digest === digest)
  if (found === undefined) throw new Error(`The file with the SHA-256 ${digest} is not in this draft.`)
  return new Uint8Array(await found.blob.arrayBuffer())
}

const lineText = (header: string | undefined): string => (header === undefined ? '' : `${header}\n`)

/** What a task reads: the bytes that its piece stands for. */
export async function pieceBytes(blobs: readonly PreparedBlob[], piece: Piece): Promise<Bytes> {
  switch (piece.kind) {
    case 'bytes':
      return fromBase64Url(piece.bytes)
    case 'blob':
      return blobBytes(blobs, piece.digest)
    case 'line': {
      const line = readPackLine(await blobBytes(blobs, piece.pack), piece.line)
      return new Uint8Array(await new Blob([lineText(piece.header), line, '\n']).arrayBuffer())
    }
  }
}

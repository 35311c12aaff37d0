import { createUploader } from '../../protocol/posting/upload.ts'
import { api } from '../queries/api.ts'
import type { PreparedBlob } from './prepared.ts'

interface Sending {
  readonly blobs: readonly PreparedBlob[]
  readonly token: () => Promise<string>
  readonly signal: AbortSignal
  readonly onProgress: (sentBytes: number, ofBytes: number) => void
}

/** Stores blobs on the server, one after the other; what is there already is not sent again. */
export async function sendBlobs({ blobs, token, signal, onProgress }: Sending): Promise<void> {
  const once = [...new Map(blobs.map(blob => [blob.digest, blob])).values()]
  const ofBytes = once.reduce((sum, { blob }) => sum + blob.size, 0)
  const uploader = createUploader({ api, token })
  let before = 0
  for (const { blob } of once) {
    await uploader.upload(blob.stream(), { signal, onProgress: bytes => onProgress(before + bytes, ofBytes) })
    before += blob.size
  }
}

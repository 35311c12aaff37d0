import { toBase64Url } from '../../protocol/bytes.ts'

/** An output in a table: its text, without the newline at its end, or `base64url:` and its bytes where it is none. */
export function outputText(output: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(output)
    if (!text.includes('\0')) return text.replace(/\r?\n$/, '')
  } catch {
    // No UTF-8: bytes.
  }
  return `base64url:${toBase64Url(output)}`
}

import { type NumberTable, readNumberTable } from './number-table.ts'

/** What a person can see of bytes that nobody has said anything about. */
export type PreviewKind =
  | { readonly kind: 'empty' }
  | { readonly kind: 'image'; readonly mediaType: string }
  | { readonly kind: 'numbers'; readonly table: NumberTable }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes' }

/** Pictures that every browser shows, by their first bytes; -1 stands for any byte. */
const images: readonly { mediaType: string; magic: readonly number[] }[] = [
  { mediaType: 'image/png', magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { mediaType: 'image/jpeg', magic: [0xff, 0xd8, 0xff] },
  { mediaType: 'image/gif', magic: [0x47, 0x49, 0x46, 0x38, -1, 0x61] },
  { mediaType: 'image/webp', magic: [0x52, 0x49, 0x46, 0x46, -1, -1, -1, -1, 0x57, 0x45, 0x42, 0x50] },
]

const begins = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  bytes.length >= magic.length && magic.every((byte, at) => byte === -1 || byte === bytes[at])

/** Control characters, but for those that lay text out. */
const unprintable = /(?![\t\n\f\r])\p{Cc}/u

function readText(bytes: Uint8Array, isWhole: boolean): string | undefined {
  try {
    // As a stream, the last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole })
    return unprintable.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** Looks at the bytes alone: the signature of a picture, else numbers, else text in UTF-8, else bytes. */
export function previewKind(bytes: Uint8Array, isWhole: boolean): PreviewKind {
  if (bytes.length === 0) return { kind: 'empty' }
  const image = images.find(({ magic }) => begins(bytes, magic))
  if (image !== undefined) return { kind: 'image', mediaType: image.mediaType }
  const text = readText(bytes, isWhole)
  if (text === undefined) return { kind: 'bytes' }
  const table = readNumberTable(text, isWhole)
  return table === undefined ? { kind: 'text', text } : { kind: 'numbers', table }
}

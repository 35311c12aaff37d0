/** What bytes are best shown as. */
export type Look =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'image'; readonly mime: string }
  | { readonly kind: 'hex'; readonly rows: readonly HexRow[]; readonly isCut: boolean }

export interface HexRow {
  readonly at: number
  readonly hex: string
  readonly text: string
}

const textBytes = 4096
const hexBytes = 256
const perRow = 16

const images: readonly (readonly [string, string])[] = [
  ['89504e470d0a1a0a', 'image/png'],
  ['ffd8ff', 'image/jpeg'],
  ['47494638', 'image/gif'],
  ['424d', 'image/bmp'],
]

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** Rows of sixteen bytes; `start` is the place of the first. */
export function hexRows(bytes: Uint8Array, start = 0): HexRow[] {
  const rows: HexRow[] = []
  for (let at = 0; at < bytes.length; at += perRow) {
    const row = bytes.subarray(at, at + perRow)
    const text = Array.from(row, byte => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')
    rows.push({ at: start + at, hex: hexOf(row).replace(/..(?=.)/g, '$& '), text })
  }
  return rows
}

/** The text, where the bytes are UTF-8 that people can read. The end may lie inside a character. */
function readText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    // Control characters other than tab and line ends do not stand in texts.
    return /[^\P{Cc}\t\n\r]/u.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** Tells pictures and texts from other bytes. Shows no more than the first kilobytes. */
export function lookAt(bytes: Uint8Array): Look {
  if (bytes.length === 0) return { kind: 'empty' }
  const head = hexOf(bytes.subarray(0, 8))
  const image = images.find(([magic]) => head.startsWith(magic))
  if (image !== undefined && bytes.length > 64) return { kind: 'image', mime: image[1] }
  const text = readText(bytes.subarray(0, textBytes))
  if (text !== undefined) return { kind: 'text', text, isCut: bytes.length > textBytes }
  return { kind: 'hex', rows: hexRows(bytes.subarray(0, hexBytes)), isCut: bytes.length > hexBytes }
}

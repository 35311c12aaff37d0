import type { ByteRange } from '../blobs/blob-store.ts'

/** What a `Range` header asks for: bytes, none that there are, or everything. */
export type AskedRange =
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' }
  | { readonly kind: 'all' }

/** Reads a `Range` header (RFC 9110, section 14). One of several ranges, or of another unit, asks for everything. */
export function parseRange(header: string | undefined, bytes: number): AskedRange {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return { kind: 'all' }
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return { kind: 'all' }
  return from < to ? { kind: 'part', range: { from, to } } : { kind: 'unsatisfiable' }
}

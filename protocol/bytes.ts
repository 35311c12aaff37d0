import * as z from 'zod/mini'

/** Bytes inside JSON: base64url without padding (RFC 4648, section 5). */
export const Base64Url = z.string().check(
  z.regex(/^[\w-]*$/, 'expected base64url without padding'),
  z.refine(text => text.length % 4 !== 1, 'expected whole bytes'),
)

/** How many bytes the text stands for. */
export const base64UrlLength = (text: string): number => Math.floor((text.length * 3) / 4)

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = ''
  // String.fromCharCode takes its bytes as arguments, and engines limit how many.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Decodes base64url. Takes what {@link Base64Url} accepts. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at)
  return bytes
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

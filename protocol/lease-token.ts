import { fromBase64Url, toBase64Url } from './bytes.ts'
import type { LeaseToken } from './ids.ts'

/** Joins a grant in base64url and a place in it; {@link splitLeaseToken} is the inverse. */
export const joinLeaseToken = (grant: string, place: number): LeaseToken => `${grant}.${place}` as LeaseToken

export function splitLeaseToken(token: LeaseToken): { grant: string; place: number } {
  const dot = token.lastIndexOf('.')
  return { grant: token.slice(0, dot), place: Number(token.slice(dot + 1)) }
}

/** Which lease of which grant. */
export interface GrantPlace {
  readonly grant: Uint8Array
  readonly place: number
}

/** The lease at a place of a grant as text; {@link parseLeaseToken} is the inverse. */
export const leaseToken = (grant: Uint8Array, place: number): LeaseToken => joinLeaseToken(toBase64Url(grant), place)

export function parseLeaseToken(token: LeaseToken): GrantPlace {
  const { grant, place } = splitLeaseToken(token)
  return { grant: fromBase64Url(grant), place }
}

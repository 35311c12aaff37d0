import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { workBitsMost } from './hashcash.ts'
import { AccountId, DeviceId } from './ids.ts'

/** An uncompressed P-256 point: 65 bytes, base64url. */
export const PublicKey = Base64Url.check(z.length(87, 'expected an uncompressed P-256 point of 65 bytes'))

/** Answer to `POST /api/challenges`: what a device signs to prove that it holds its key. Spent once, within a minute. */
export const Challenge = z.object({
  challenge: z.string().check(z.minLength(1), z.maxLength(400)),
  /** Zero bits that the work of a device new to the server must show; absent where the server asks for none. */
  workBits: z.optional(z.int().check(z.minimum(1), z.maximum(workBitsMost))),
})
export type Challenge = z.infer<typeof Challenge>

/** Body of `POST /api/devices`: registers a device, or renews the session of one that is known. */
export const DeviceRequest = z.object({
  publicKey: PublicKey,
  challenge: Challenge.shape.challenge,
  /** ECDSA with SHA-256 over {@link signedText}, the 64 bytes r || s of IEEE P1363, base64url. */
  signature: Base64Url.check(z.length(86, 'expected a P-256 signature of 64 bytes')),
  /** Proves work on the challenge, as `protocol/hashcash.ts` says; a device that is known owes none. */
  workNonce: z.optional(z.int().check(z.minimum(0))),
})
export type DeviceRequest = z.infer<typeof DeviceRequest>

export const DeviceSession = z.object({
  deviceId: DeviceId,
  accountId: AccountId,
  /** Sent as `Authorization: Bearer <token>`; speaks for this device alone. */
  token: z.string(),
  expiresAt: z.iso.datetime(),
})
export type DeviceSession = z.infer<typeof DeviceSession>

/** The exact bytes that a device signs. The prefix keeps the signature from meaning anything elsewhere. */
export const signedText = (challenge: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`tidemill device session\n${challenge}`)

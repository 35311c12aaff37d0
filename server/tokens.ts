import { createCipheriv, timingSafeEqual } from 'node:crypto'
import type { LeaseToken } from '../protocol/ids.ts'
import { createMac } from './mac.ts'

/** What a session token says: who speaks, from which network, until when. Milliseconds since 1970. */
export interface Session {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly network: bigint
  readonly isHouse: boolean
  readonly expiresAt: number
}

export interface LeaseClaims {
  readonly jobId: bigint
  readonly index: bigint
  /** Which replica of the task, from 0. The token hides it: nobody learns whether others have answered. */
  readonly replica: number
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly expiresAt: number
}

export interface ChallengeClaims {
  readonly nonce: Buffer
  readonly expiresAt: number
}

const macBytes = 16

/**
 * Makes and reads the server's signed tokens. All servers of one database share the secret, so any of them, also one
 * that has just started, can tell what another one signed. Layout, big-endian, each followed by 16 bytes of HMAC-SHA-256
 * over a kind and the payload:
 *
 *     session    deviceId 8 | accountId 8 | network 8 | expiresAt 8 | isHouse 1
 *     lease      jobId 8 | index 8 | deviceId 8 | accountId 8 | expiresAt 8 | replica, masked 1
 *     challenge  nonce 16 | expiresAt 8
 */
export function createTokens(secret: Buffer) {
  const macOf = createMac(secret)
  const mac = (kind: string, payload: Buffer) =>
    macOf(Buffer.concat([Buffer.from(kind), payload])).subarray(0, macBytes)

  const encrypt = createBlockCipher(mac('lease mask', Buffer.alloc(0)))
  /** A byte that only the server knows, other for every task, device and time. */
  function leaseMask(payload: Buffer): number {
    const block = Buffer.from(payload.subarray(8, 24))
    for (let at = 0; at < 8; at++) block[at] = (block[at] ?? 0) ^ (payload[at] ?? 0) ^ (payload[32 + at] ?? 0)
    return encrypt(block).readUInt8(0)
  }

  const sign = (kind: string, payload: Buffer) => Buffer.concat([payload, mac(kind, payload)]).toString('base64url')

  function open(kind: string, token: string, payloadBytes: number): Buffer | undefined {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length !== payloadBytes + macBytes) return undefined
    const payload = bytes.subarray(0, payloadBytes)
    return timingSafeEqual(bytes.subarray(payloadBytes), mac(kind, payload)) ? payload : undefined
  }

  return {
    signSession({ deviceId, accountId, network, isHouse, expiresAt }: Session): string {
      const payload = Buffer.alloc(33)
      payload.writeBigInt64BE(deviceId, 0)
      payload.writeBigInt64BE(accountId, 8)
      payload.writeBigInt64BE(network, 16)
      payload.writeBigInt64BE(BigInt(expiresAt), 24)
      payload.writeUInt8(isHouse ? 1 : 0, 32)
      return sign('session', payload)
    },
    /** @returns undefined where the token is not ours; its time is the caller's to judge */
    openSession(token: string): Session | undefined {
      const payload = open('session', token, 33)
      return (
        payload && {
          deviceId: payload.readBigInt64BE(0),
          accountId: payload.readBigInt64BE(8),
          network: payload.readBigInt64BE(16),
          expiresAt: Number(payload.readBigInt64BE(24)),
          isHouse: payload.readUInt8(32) === 1,
        }
      )
    },
    signLease({ jobId, index, replica, deviceId, accountId, expiresAt }: LeaseClaims): LeaseToken {
      const payload = Buffer.alloc(41)
      payload.writeBigInt64BE(jobId, 0)
      payload.writeBigInt64BE(index, 8)
      payload.writeBigInt64BE(deviceId, 16)
      payload.writeBigInt64BE(accountId, 24)
      payload.writeBigInt64BE(BigInt(expiresAt), 32)
      payload.writeUInt8(replica ^ leaseMask(payload), 40)
      return sign('lease', payload) as LeaseToken
    },
    /** @returns undefined where the token is not ours; its time and holder are the caller's to judge */
    openLease(token: string): LeaseClaims | undefined {
      const payload = open('lease', token, 41)
      return (
        payload && {
          jobId: payload.readBigInt64BE(0),
          index: payload.readBigInt64BE(8),
          replica: payload.readUInt8(40) ^ leaseMask(payload),
          deviceId: payload.readBigInt64BE(16),
          accountId: payload.readBigInt64BE(24),
          expiresAt: Number(payload.readBigInt64BE(32)),
        }
      )
    },
    signChallenge({ nonce, expiresAt }: ChallengeClaims): string {
      const payload = Buffer.alloc(24)
      nonce.copy(payload, 0, 0, 16)
      payload.writeBigInt64BE(BigInt(expiresAt), 16)
      return sign('challenge', payload)
    },
    openChallenge(token: string): ChallengeClaims | undefined {
      const payload = open('challenge', token, 24)
      return payload && { nonce: payload.subarray(0, 16), expiresAt: Number(payload.readBigInt64BE(16)) }
    },
    /** Names a volunteer inside one receipt; tells nothing across receipts. */
    pseudonym: (taskId: string, accountId: bigint): string =>
      mac('pseudonym', Buffer.from(`${taskId} ${accountId}`)).toString('hex', 0, 4),
    /** A network prefix as a number that cannot be turned back into an address. 0 stands for no network. */
    hashNetwork: (prefix: string | undefined): bigint =>
      prefix === undefined ? 0n : mac('network', Buffer.from(prefix)).readBigInt64BE(0) || 1n,
  }
}

/** AES-128 on single blocks. Without padding and chaining, one cipher object serves for ever: a block depends on no other. */
function createBlockCipher(key: Buffer): (block: Buffer) => Buffer {
  const cipher = createCipheriv('aes-128-ecb', key, '').setAutoPadding(false)
  return block => cipher.update(block)
}

export type Tokens = ReturnType<typeof createTokens>

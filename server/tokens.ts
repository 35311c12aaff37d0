import { createCipheriv, randomFillSync, timingSafeEqual } from 'node:crypto'
import { createMac } from './mac.ts'

/** What a session token says: who speaks, from which network, until when. Milliseconds since 1970. */
export interface Session {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly network: bigint
  readonly isHouse: boolean
  readonly expiresAt: number
}

/** One lease of a grant: which replica of which task. */
export interface LeaseClaims {
  readonly jobId: bigint
  readonly index: bigint
  /** Which replica of the task, from 0 to 255. The grant hides it: nobody learns whether others have answered. */
  readonly replica: number
}

/** To whom a grant was given. It is signed into the grant, and not told by it. */
export interface GrantHolder {
  readonly deviceId: bigint
  readonly accountId: bigint
}

/** The leases of one answer, each at its place. Milliseconds since 1970. */
export interface GrantClaims {
  readonly expiresAt: number
  readonly leases: readonly LeaseClaims[]
}

export interface ChallengeClaims {
  readonly nonce: Buffer
  readonly expiresAt: number
}

const macBytes = 16
const nonceBytes = 8
const grantHeadBytes = nonceBytes + 8
const leaseBytes = 17
const blockBytes = 16
/** A device uses one token for an hour. When there are more, the memory begins anew. */
const sessionsKept = 20_000

/** Kinds of what is signed: none is taken for another. */
const kinds = {
  session: Buffer.from('session'),
  grant: Buffer.from('grant'),
  grantMask: Buffer.from('grant mask'),
  challenge: Buffer.from('challenge'),
  pseudonym: Buffer.from('pseudonym'),
  network: Buffer.from('network'),
} as const

/**
 * Makes and reads the server's signed tokens. All servers of one database share the secret, so any of them, also one
 * that has just started, can tell what another one signed. Layout, big-endian, each followed by 16 bytes of HMAC-SHA-256
 * over a kind and the payload, and for a grant its holder (deviceId 8 | accountId 8) between the two:
 *
 *     session    deviceId 8 | accountId 8 | network 8 | expiresAt 8 | isHouse 1
 *     grant      nonce 8 | expiresAt 8 | leases x ( jobId 8 | index 8 | replica, masked 1 )
 *     challenge  nonce 16 | expiresAt 8
 */
export function createTokens(secret: Buffer) {
  const macOf = createMac(secret)
  const mac = (kind: keyof typeof kinds, ...parts: readonly Uint8Array[]) =>
    macOf(kinds[kind], ...parts).subarray(0, macBytes)
  const encrypt = createBlockCipher(mac('grantMask'))
  const randomNonce = createNonces()
  const sessions = new Map<string, Session>()

  /** A byte for each lease that only the server knows, other in every grant: AES in counter mode. */
  function maskOf(nonce: Uint8Array, leases: number): Buffer {
    const blocks = Buffer.alloc(Math.ceil(leases / blockBytes) * blockBytes)
    for (let at = 0; at < blocks.length; at += blockBytes) {
      blocks.set(nonce, at)
      blocks.writeUInt32BE(at, at + 12)
    }
    return encrypt(blocks)
  }

  function holderBytes({ deviceId, accountId }: GrantHolder): Buffer {
    const bytes = Buffer.allocUnsafe(16)
    bytes.writeBigInt64BE(deviceId, 0)
    bytes.writeBigInt64BE(accountId, 8)
    return bytes
  }

  const sign = (kind: 'session' | 'challenge', payload: Buffer) =>
    Buffer.concat([payload, mac(kind, payload)]).toString('base64url')

  function open(kind: 'session' | 'challenge', token: string, payloadBytes: number): Buffer | undefined {
    const bytes = Buffer.from(token, 'base64url')
    if (bytes.length !== payloadBytes + macBytes) return undefined
    const payload = bytes.subarray(0, payloadBytes)
    return timingSafeEqual(bytes.subarray(payloadBytes), mac(kind, payload)) ? payload : undefined
  }

  function readSession(token: string): Session | undefined {
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
      const known = sessions.get(token)
      if (known !== undefined) return known
      const session = readSession(token)
      if (session === undefined) return undefined
      if (sessions.size >= sessionsKept) sessions.clear()
      sessions.set(token, session)
      return session
    },
    /** Signs all leases of an answer at once. A lease is known by its place. */
    signGrant({ expiresAt, leases, ...holder }: GrantClaims & GrantHolder): Buffer {
      const payloadBytes = grantHeadBytes + leases.length * leaseBytes
      const grant = Buffer.allocUnsafe(payloadBytes + macBytes)
      const nonce = randomNonce()
      // A DataView writes a bigint in a tenth of the time that a Buffer takes.
      const view = new DataView(grant.buffer, grant.byteOffset, payloadBytes)
      grant.set(nonce)
      view.setBigInt64(nonceBytes, BigInt(expiresAt))
      const mask = maskOf(nonce, leases.length)
      let at = grantHeadBytes
      for (const [place, { jobId, index, replica }] of leases.entries()) {
        view.setBigInt64(at, jobId)
        view.setBigInt64(at + 8, index)
        view.setUint8(at + 16, replica ^ (mask[place] as number))
        at += leaseBytes
      }
      grant.set(mac('grant', holderBytes(holder), grant.subarray(0, payloadBytes)), payloadBytes)
      return grant
    },
    /** @returns undefined where the grant is not ours, or not this holder's; its time is the caller's to judge */
    openGrant(grant: Uint8Array, holder: GrantHolder): GrantClaims | undefined {
      const payloadBytes = grant.length - macBytes
      const leaseCount = (payloadBytes - grantHeadBytes) / leaseBytes
      if (leaseCount < 0 || !Number.isInteger(leaseCount)) return undefined
      const payload = grant.subarray(0, payloadBytes)
      if (!timingSafeEqual(grant.subarray(payloadBytes), mac('grant', holderBytes(holder), payload))) return undefined
      const view = new DataView(payload.buffer, payload.byteOffset, payloadBytes)
      const mask = maskOf(payload.subarray(0, nonceBytes), leaseCount)
      const leases: LeaseClaims[] = []
      for (let place = 0, at = grantHeadBytes; place < leaseCount; place++, at += leaseBytes)
        leases.push({
          jobId: view.getBigInt64(at),
          index: view.getBigInt64(at + 8),
          replica: view.getUint8(at + 16) ^ (mask[place] as number),
        })
      return { expiresAt: Number(view.getBigInt64(nonceBytes)), leases }
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

/** AES-128 on whole blocks. Without padding and chaining, one cipher object serves for ever: a block depends on no other. */
function createBlockCipher(key: Buffer): (blocks: Buffer) => Buffer {
  const cipher = createCipheriv('aes-128-ecb', key, '').setAutoPadding(false)
  return blocks => cipher.update(blocks)
}

/** Random nonces. Asking for randomness costs the same for one as for hundreds. */
function createNonces(): () => Buffer {
  const pool = Buffer.alloc(nonceBytes * 512)
  let at = pool.length
  return () => {
    if (at === pool.length) {
      randomFillSync(pool)
      at = 0
    }
    const nonce = pool.subarray(at, at + nonceBytes)
    at += nonceBytes
    return nonce
  }
}

export type Tokens = ReturnType<typeof createTokens>

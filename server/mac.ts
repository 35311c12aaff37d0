import { hash } from 'node:crypto'

const blockBytes = 64

/**
 * HMAC-SHA-256 (RFC 2104) under one key. Two one-shot hashes: `createHmac` sets up key and stream objects at every call,
 * which takes several times as long as hashing a token does.
 */
export function createMac(key: Buffer): (message: Buffer) => Buffer {
  if (key.length > blockBytes) throw new RangeError(`Expected a key of at most ${blockBytes} bytes, got ${key.length}.`)
  const pad = (byte: number) => Buffer.alloc(blockBytes, byte).map((value, at) => value ^ (key[at] ?? 0))
  const [inner, outer] = [Buffer.from(pad(0x36)), Buffer.from(pad(0x5c))]
  const sha256 = (bytes: Buffer) => hash('sha256', bytes, 'buffer')
  return message => sha256(Buffer.concat([outer, sha256(Buffer.concat([inner, message]))]))
}

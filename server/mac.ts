import { hash } from 'node:crypto'

const blockBytes = 64
const digestBytes = 32

/** The authentication code of a message, which may come in parts. */
export type Mac = (...parts: readonly Uint8Array[]) => Buffer

/**
 * HMAC-SHA-256 (RFC 2104) under one key. Two one-shot hashes: `createHmac` sets up key and stream objects at every call,
 * which takes ten times as long. Digests come as `binary` text, one character a byte: as Buffers they take three times
 * as long.
 */
export function createMac(key: Buffer): Mac {
  if (key.length > blockBytes) throw new RangeError(`Expected a key of at most ${blockBytes} bytes, got ${key.length}.`)
  const pad = (byte: number) => Buffer.alloc(blockBytes, byte).map((value, at) => value ^ (key[at] ?? 0))
  const outer = Buffer.concat([pad(0x5c), Buffer.alloc(digestBytes)])
  /** The padded key, and after it the message of the call under way. */
  let inner = Buffer.from(pad(0x36))

  return (...parts) => {
    let length = blockBytes
    for (const part of parts) length += part.length
    if (inner.length < length) inner = Buffer.concat([inner.subarray(0, blockBytes)], length)
    let at = blockBytes
    for (const part of parts) {
      inner.set(part, at)
      at += part.length
    }
    outer.write(hash('sha256', inner.subarray(0, length), 'binary'), blockBytes, 'binary')
    return Buffer.from(hash('sha256', outer, 'binary'), 'binary')
  }
}

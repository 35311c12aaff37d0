const constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574] as const
const blockBytes = 64

function quarterRound(x: Uint32Array, a: number, b: number, c: number, d: number): void {
  let [xa, xb, xc, xd] = [x[a] as number, x[b] as number, x[c] as number, x[d] as number]
  xa = (xa + xb) | 0
  xd ^= xa
  xd = (xd << 16) | (xd >>> 16)
  xc = (xc + xd) | 0
  xb ^= xc
  xb = (xb << 12) | (xb >>> 20)
  xa = (xa + xb) | 0
  xd ^= xa
  xd = (xd << 8) | (xd >>> 24)
  xc = (xc + xd) | 0
  xb ^= xc
  xb = (xb << 7) | (xb >>> 25)
  x[a] = xa
  x[b] = xb
  x[c] = xc
  x[d] = xd
}

function writeBlock(state: Uint32Array, block: DataView): void {
  const x = state.slice()
  for (let round = 0; round < 10; round++) {
    quarterRound(x, 0, 4, 8, 12)
    quarterRound(x, 1, 5, 9, 13)
    quarterRound(x, 2, 6, 10, 14)
    quarterRound(x, 3, 7, 11, 15)
    quarterRound(x, 0, 5, 10, 15)
    quarterRound(x, 1, 6, 11, 12)
    quarterRound(x, 2, 7, 8, 13)
    quarterRound(x, 3, 4, 9, 14)
  }
  for (let at = 0; at < 16; at++) block.setUint32(at * 4, (x[at] as number) + (state[at] as number), true)
}

/**
 * The key stream of ChaCha20 (RFC 8439, section 2.3) with its block counter at 0: randomness that is the same everywhere.
 *
 * @param key 32 bytes
 * @param nonce 12 bytes
 * @returns fills `target` with the bytes that follow in the stream; it repeats after 256 GiB
 */
export function createKeyStream(key: Uint8Array, nonce = new Uint8Array(12)): (target: Uint8Array) => void {
  const words = new DataView(Uint8Array.of(...key, 0, 0, 0, 0, ...nonce).buffer)
  const state = Uint32Array.from([
    ...constants,
    ...Array.from({ length: 12 }, (_, at) => words.getUint32(at * 4, true)),
  ])
  const block = new Uint8Array(blockBytes)
  const view = new DataView(block.buffer)
  let used = blockBytes
  return target => {
    for (let at = 0; at < target.length; ) {
      if (used === blockBytes) {
        writeBlock(state, view)
        state[12] = (state[12] as number) + 1
        used = 0
      }
      const part = block.subarray(used, used + target.length - at)
      target.set(part, at)
      at += part.length
      used += part.length
    }
  }
}

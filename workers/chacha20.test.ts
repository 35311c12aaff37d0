import { describe, expect, test } from 'vitest'
import { createKeyStream } from './chacha20.ts'

const key = Uint8Array.from({ length: 32 }, (_, at) => at)
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

function take(length: number, stream = createKeyStream(key)): Uint8Array {
  const target = new Uint8Array(length)
  stream(target)
  return target
}

describe('createKeyStream', () => {
  test('default: RFC 8439, section 2.3.2, whose block has the counter 1', () => {
    const stream = createKeyStream(key, hex('000000090000004a00000000'))
    take(64, stream)
    expect(take(64, stream)).toEqual(
      hex(`
        10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e
        d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e`),
    )
  })

  test('default: RFC 8439, appendix A.1, test vectors 1 and 2', () => {
    const stream = createKeyStream(new Uint8Array(32))
    expect(take(64, stream)).toEqual(
      hex(`
        76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7
        da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586`),
    )
    expect(take(64, stream)).toEqual(
      hex(`
        9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed
        29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f`),
    )
  })

  test('behavior: it does not matter in how many pieces it is taken', () => {
    const stream = createKeyStream(key)
    const pieces = [1, 63, 0, 100, 64, 28].flatMap(length => [...take(length, stream)])
    expect(pieces).toEqual([...take(256)])
  })

  test('behavior: each seed has a stream of its own', () => {
    expect(take(32)).not.toEqual(take(32, createKeyStream(new Uint8Array(32))))
  })
})

import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMac } from './mac.ts'

const bytes = (most: number) => fc.uint8Array({ maxLength: most }).map(array => Buffer.from(array))

describe('createMac', () => {
  test('default: RFC 4231, test case 2', () => {
    expect(createMac(Buffer.from('Jefe'))(Buffer.from('what do ya want for nothing?')).toString('hex')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  test('behavior: equals the library for any key and message', () => {
    fc.assert(
      fc.property(bytes(64), fc.array(bytes(300)), (key, messages) => {
        const mac = createMac(key)
        // One after another, shorter after longer: nothing of an earlier message may stay.
        for (const message of messages) expect(mac(message)).toEqual(createHmac('sha256', key).update(message).digest())
        expect(mac(...messages)).toEqual(mac(Buffer.concat(messages)))
      }),
    )
  })

  test('error: a key longer than a block', () => {
    expect(() => createMac(Buffer.alloc(65))).toThrow(RangeError)
  })
})

import { describe, expect, test } from 'vitest'
import { networkPrefix } from './network-prefix.ts'

describe('networkPrefix', () => {
  test.each([
    ['192.0.2.17', '192.0.2'],
    ['::ffff:192.0.2.17', '192.0.2'],
    ['2001:db8:12:34::1', '2001:db8:12'],
    ['2001:0db8:0012:ffff:1:2:3:4', '2001:db8:12'],
    ['2001:db8::1', '2001:db8:0'],
    ['fe80::1%eth0', 'fe80:0:0'],
    ['::2', '0:0:0'],
  ])('default: %s is in %s', (address, prefix) => {
    expect(networkPrefix(address)).toBe(prefix)
  })

  test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '', 'nonsense'])(
    'behavior: %s belongs to no network',
    address => {
      expect(networkPrefix(address)).toBeUndefined()
    },
  )
})

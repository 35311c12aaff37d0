import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { createClientAddress } from './client-address.ts'
import { createLogger } from './logger.ts'

function addressOf({ peer, forwarded, trusted }: { peer: string; forwarded?: string; trusted: string[] }): string {
  const request = { socket: { remoteAddress: peer }, headers: { 'x-forwarded-for': forwarded } }
  const log = createLogger(() => {})
  return createClientAddress(trusted, log).of(request as unknown as IncomingMessage)
}

describe('createClientAddress', () => {
  test('default: the last address before the trusted proxies', () => {
    const trusted = ['loopback', '10.0.0.0/8']
    expect(addressOf({ peer: '127.0.0.1', forwarded: '198.51.100.7', trusted })).toBe('198.51.100.7')
    expect(addressOf({ peer: '::ffff:10.0.0.2', forwarded: '198.51.100.7, 10.9.9.9', trusted })).toBe('198.51.100.7')
    expect(addressOf({ peer: '::1', forwarded: '2001:db8::7', trusted })).toBe('2001:db8::7')
  })

  test('behavior: what the client wrote before its proxy did counts for nothing', () => {
    expect(
      addressOf({ peer: '127.0.0.1', forwarded: '203.0.113.1, 127.0.0.1, 198.51.100.7', trusted: ['loopback'] }),
    ).toBe('198.51.100.7')
  })

  test('behavior: a header from an untrusted peer is ignored', () => {
    for (const trusted of [[], ['10.0.0.0/8']])
      expect(addressOf({ peer: '198.51.100.9', forwarded: '203.0.113.1', trusted })).toBe('198.51.100.9')
  })

  test('behavior: without a header it is the peer, be it a proxy or not', () => {
    expect(addressOf({ peer: '127.0.0.1', trusted: ['loopback'] })).toBe('127.0.0.1')
    expect(addressOf({ peer: '198.51.100.9', trusted: ['loopback'] })).toBe('198.51.100.9')
  })

  test.each([
    ['198.51.100.7:4711', '198.51.100.7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
  ])('behavior: proxies write addresses in their ways: %s', (forwarded, address) => {
    expect(addressOf({ peer: '127.0.0.1', forwarded, trusted: ['loopback'] })).toBe(address)
  })

  test('behavior: an entry that is no address ends the way, and nothing beyond it is believed', () => {
    const trusted = ['loopback', '10.0.0.0/8']
    expect(addressOf({ peer: '127.0.0.1', forwarded: '203.0.113.1, unknown, 10.1.1.1', trusted })).toBe('10.1.1.1')
    expect(addressOf({ peer: '127.0.0.1', forwarded: 'unknown', trusted })).toBe('127.0.0.1')
  })

  test('behavior: the operator is told once that a header is ignored, and not whose', () => {
    const lines: string[] = []
    const clientAddress = createClientAddress(
      [],
      createLogger(line => lines.push(line)),
    )
    const request = { socket: { remoteAddress: '198.51.100.9' }, headers: { 'x-forwarded-for': '203.0.113.1' } }
    for (let ask = 0; ask < 3; ask++) clientAddress.of(request as unknown as IncomingMessage)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('TIDEMILL_TRUSTED_PROXIES')
    expect(lines[0]).not.toMatch(/198\.51|203\.0/)
  })
})

import { isIPv4, isIPv6 } from 'node:net'

/**
 * The network that an address belongs to: its /24 (IPv4) or /48 (IPv6).
 *
 * @returns undefined for loopback, where all devices are one person's and are not told apart
 */
export function networkPrefix(address: string): string | undefined {
  const plain = address.toLowerCase().startsWith('::ffff:') ? address.slice(7) : address
  if (isIPv4(plain)) return plain.startsWith('127.') ? undefined : plain.split('.').slice(0, 3).join('.')
  if (!isIPv6(plain) || plain === '::1') return undefined
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? []
  const groups = head.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length
  const all = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':').filter(Boolean)]
  return all
    .slice(0, 3)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}

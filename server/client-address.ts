import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'
import type { Logger } from './logger.ts'

/** An address as proxies write it into `X-Forwarded-For`; some add the port. */
function plainAddress(entry: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(entry)?.[1] ?? /^([\d.]+):\d+$/.exec(entry)?.[1] ?? entry
  return isIP(bare) === 0 ? undefined : bare
}

/**
 * Who speaks, where trusted proxies stand in between: the last address of `X-Forwarded-For` that is not a proxy's.
 * What an untrusted peer writes there is ignored, or everybody could be from any network.
 *
 * @param trusted addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`
 */
export function createClientAddress(trusted: readonly string[], log: Logger) {
  const isProxy = proxyAddr.compile([...trusted])
  let hasWarned = false

  return {
    /** The address of whoever sent the request; empty where the connection is gone already. */
    of(incoming: IncomingMessage | undefined): string {
      const peer = incoming?.socket.remoteAddress ?? ''
      if (incoming?.headers['x-forwarded-for'] === undefined) return peer
      if (!isProxy(peer, 0)) {
        if (!hasWarned) log.warn('X-Forwarded-For of a peer outside TIDEMILL_TRUSTED_PROXIES is ignored')
        hasWarned = true
        return peer
      }
      // From the peer outwards. An entry that is no address ends the way: the last that is one stands for it.
      const way = proxyAddr.all(incoming, (entry, at) => at === 0 || isProxy(plainAddress(entry) ?? '', at))
      return way.map(plainAddress).findLast(address => address !== undefined) ?? peer
    },
    isTrusted: (incoming: IncomingMessage): boolean => isProxy(incoming.socket.remoteAddress ?? '', 0),
  }
}

export type ClientAddress = ReturnType<typeof createClientAddress>

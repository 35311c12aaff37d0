import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '../logger.ts'
import type { Metrics } from '../metrics.ts'

export interface MetricsAddress {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

export interface MetricsListener {
  readonly port: number
  close(): Promise<void>
}

/**
 * Answers `GET /metrics` on an address of its own, so that a proxy which shows the server to the world does not show
 * its metrics too.
 */
export async function listenForMetrics(
  { registry }: Metrics,
  { host, port }: MetricsAddress,
  log: Logger,
): Promise<MetricsListener> {
  const server = createServer(async (incoming, outgoing) => {
    const path = (incoming.url ?? '').split('?')[0]
    if (path !== '/metrics' || incoming.method !== 'GET') {
      outgoing.writeHead(404).end()
      return
    }
    try {
      const text = await registry.metrics()
      outgoing.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(text)
    } catch (error) {
      log.error('The metrics could not be read', { error })
      outgoing.writeHead(500).end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

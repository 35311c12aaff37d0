import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { wholeBelow } from './seeded-random.ts'

/** A line between two parties that a test may lead elsewhere, and cut. */
export interface TcpProxy {
  readonly port: number
  /** How many connections it has cut. */
  readonly cuts: number
  /** Leads new connections to another port, and cuts those that there are. */
  lead(port: number): void
  /** From now on, connections are cut after at most so many bytes, in whatever they are saying; undefined: no more. */
  cutWithin(bytes: number | undefined): void
}

/**
 * Connects to a port of this machine. A connection is cut where its bytes run out: what came before arrives, what comes
 * after does not, and both sides hear of a reset.
 */
export async function startTcpProxy(port: number, random: () => number): Promise<TcpProxy> {
  let target = port
  let most: number | undefined
  let cuts = 0
  const open = new Map<Socket, () => void>()

  const server = createServer(near => {
    const far = connect(target, '127.0.0.1')
    let left = wholeBelow(random, most ?? 1)
    const end = () => {
      open.delete(near)
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    open.set(near, end)
    const pass = (from: Socket, to: Socket) => {
      from.on('data', bytes => {
        if (most === undefined) return void to.write(bytes)
        left = Math.min(left, most) - bytes.length
        if (left >= 0) return void to.write(bytes)
        cuts++
        // What still fits goes, and the line is dead.
        to.write(bytes.subarray(0, bytes.length + left), end)
      })
      from.on('error', end)
      from.on('close', end)
    }
    pass(near, far)
    pass(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const end of open.values()) end()
    server.close()
  })

  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts
    },
    lead(next) {
      target = next
      for (const end of open.values()) end()
    },
    cutWithin(bytes) {
      most = bytes
    },
  }
}

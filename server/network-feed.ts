import type { Network } from '../protocol/network.ts'
import type { Logger } from './logger.ts'

const everyMs = 1000

/** One reading of the network's totals a second for all who watch, and none while nobody does. */
export function createNetworkFeed(read: () => Promise<Network>, log: Logger) {
  const watchers = new Map<(network: Network) => void, () => void>()
  let latest: Network | undefined
  let timer: NodeJS.Timeout | undefined

  async function tick(): Promise<void> {
    try {
      latest = await read()
      for (const watcher of watchers.keys()) watcher(latest)
    } catch (error) {
      // Watchers keep the last figures; /api/health says what is wrong.
      log.warn('The network totals could not be read', { error })
    }
    timer = watchers.size === 0 ? undefined : setTimeout(tick, everyMs)
  }

  return {
    get watching(): number {
      return watchers.size
    },
    /** Calls back with every reading, and when there will be no more. @returns how to stop */
    watch(watcher: (network: Network) => void, onEnd: () => void): () => void {
      watchers.set(watcher, onEnd)
      if (timer === undefined) timer = setTimeout(tick, 0)
      else if (latest !== undefined) watcher(latest)
      return () => void watchers.delete(watcher)
    },
    stop(): void {
      clearTimeout(timer)
      for (const onEnd of watchers.values()) onEnd()
      watchers.clear()
    },
  }
}

export type NetworkFeed = ReturnType<typeof createNetworkFeed>

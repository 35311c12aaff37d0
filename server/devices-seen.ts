import type { Database } from './db/database.ts'
import { touchDevices } from './db/touch-devices.ts'
import { DatabaseUnavailableError } from './errors.ts'
import type { Logger } from './logger.ts'

const everyMs = 5000

/** Notes which devices were heard of, and writes it down now and then: a figure for people, not worth a write a request. */
export function createDevicesSeen({ database, now, log }: { database: Database; now: () => number; log: Logger }) {
  const seen = new Set<bigint>()

  async function write(): Promise<void> {
    if (seen.size === 0) return
    const devices = [...seen]
    seen.clear()
    try {
      await touchDevices(database, devices, new Date(now()))
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) log.error('Devices could not be marked as seen', { error })
    }
  }

  const timer = setInterval(write, everyMs)
  return {
    add: (deviceId: bigint): void => void seen.add(deviceId),
    async stop(): Promise<void> {
      clearInterval(timer)
      await write()
    },
  }
}

export type DevicesSeen = ReturnType<typeof createDevicesSeen>

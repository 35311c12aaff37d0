import { createBatcher } from './batcher.ts'
import type { Database } from './db/database.ts'
import { readStanding } from './db/read-standing.ts'
import { type CheckOutcome, type CheckRecord, foldCheck, newRecord } from './domain/credibility.ts'
import { foldSlowness, type Slowness } from './domain/lease-time.ts'
import type { GrantClaims } from './tokens.ts'

/** Another server may have found out more about a device: what is older is read again. */
const freshMs = 30_000
const most = 50_000

const failedAt = (record: CheckRecord | undefined): number => record?.failedAt ?? Number.NEGATIVE_INFINITY

export interface KnownGrant {
  readonly bytes: Uint8Array
  readonly claims: GrantClaims
}

export interface KnownDevice {
  readonly accountId: bigint
  readonly records: Map<string, CheckRecord>
  slowness: Slowness
  /** The job that it was last given work of, whose kernel it holds. */
  latestJob: bigint | undefined
  /** The grants that it was last given: what it brings back is most often one of these, and need not be verified. */
  latestGrants: readonly KnownGrant[]
  readonly readAt: number
}

/** What this server knows of the devices that ask it for work: read when they come, kept up to date by what they do here. */
export function createKnownDevices({ database, now }: { database: Database; now: () => number }) {
  /** Those that asked last at the end. */
  const devices = new Map<bigint, KnownDevice>()
  /** Those of each account: what one of them does is said of all. */
  const byAccount = new Map<bigint, Set<KnownDevice>>()
  let measured = new Map<bigint, number>()
  const reader = createBatcher(async (deviceIds: readonly bigint[]) => {
    const standings = await readStanding(database, deviceIds)
    return deviceIds.map(deviceId => standings.get(deviceId))
  })

  function forget(deviceId: bigint): void {
    const device = devices.get(deviceId)
    if (device === undefined) return
    devices.delete(deviceId)
    const others = byAccount.get(device.accountId)
    others?.delete(device)
    if (others?.size === 0) byAccount.delete(device.accountId)
  }

  async function read(deviceId: bigint, accountId: bigint): Promise<KnownDevice> {
    const [standing] = await reader.add([deviceId])
    const before = devices.get(deviceId)
    const records = new Map(standing?.records)
    // A failure noted here may not be in the books yet: it is not to be forgotten for that.
    for (const other of byAccount.get(accountId) ?? [])
      for (const [kernel, record] of other.records)
        if (failedAt(record) > failedAt(records.get(kernel))) records.set(kernel, record)
    const device: KnownDevice = {
      accountId,
      records,
      slowness: before?.slowness ?? standing?.slowness,
      latestJob: before?.latestJob,
      latestGrants: before?.latestGrants ?? [],
      readAt: now(),
    }
    forget(deviceId)
    devices.set(deviceId, device)
    const others = byAccount.get(accountId) ?? new Set()
    byAccount.set(accountId, others.add(device))
    for (const oldest of devices.keys()) {
      if (devices.size <= most) break
      forget(oldest)
    }
    return device
  }

  return {
    /** @returns at once what is known, where it is fresh enough */
    find(deviceId: bigint, accountId: bigint): KnownDevice | Promise<KnownDevice> {
      const device = devices.get(deviceId)
      // Of the future: the clock has been set back since.
      return device !== undefined && Math.abs(now() - device.readAt) < freshMs ? device : read(deviceId, accountId)
    },

    /** One of an account's results has passed a check on a kernel, or failed it. */
    noteCheck(accountId: bigint, kernel: string, check: CheckOutcome): void {
      for (const { records } of byAccount.get(accountId) ?? [])
        records.set(kernel, foldCheck(records.get(kernel) ?? newRecord, check))
    },

    noteTime(deviceId: bigint, time: { readonly credit: number; readonly elapsedMs: number }): void {
      const device = devices.get(deviceId)
      if (device === undefined) return
      device.slowness = foldSlowness(device.slowness, time)
      if (device.slowness !== undefined) measured.set(deviceId, device.slowness)
    },

    /** Speeds measured since this was last asked. */
    takeMeasured(): ReadonlyMap<bigint, number> {
      const taken = measured
      measured = new Map()
      return taken
    },
  }
}

export type KnownDevices = ReturnType<typeof createKnownDevices>

import type { CheckRecord } from '../domain/credibility.ts'
import type { Queryable } from './database.ts'

export interface StandingRow {
  readonly deviceId: bigint
  /** Seconds for a second of the reference core. */
  readonly slowness: number | undefined
  /** Of the device's account, by the kernel's digest in hexadecimal. */
  readonly records: ReadonlyMap<string, CheckRecord>
}

/** What is known of devices and of their accounts' checks. */
export async function readStanding(db: Queryable, deviceIds: readonly bigint[]): Promise<Map<bigint, StandingRow>> {
  const { rows } = await db.query<{
    deviceId: bigint
    slowness: number | null
    kernelDigest: Buffer | null
    passed: number
    strikes: number
    failedAt: Date | null
  }>(
    `select d.id as "deviceId", d.slowness, r.kernel_digest as "kernelDigest", r.passed, r.strikes, r.failed_at as "failedAt"
     from devices d left join records r using (account_id) where d.id = any($1::bigint[])`,
    [deviceIds],
  )
  const standings = new Map<bigint, StandingRow & { records: Map<string, CheckRecord> }>()
  for (const { deviceId, slowness, kernelDigest, passed, strikes, failedAt } of rows) {
    const standing = standings.get(deviceId) ?? { deviceId, slowness: slowness ?? undefined, records: new Map() }
    standings.set(deviceId, standing)
    if (kernelDigest !== null)
      standing.records.set(kernelDigest.toString('hex'), { passed, strikes, failedAt: failedAt?.getTime() })
  }
  return standings
}

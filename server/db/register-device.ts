import type { Queryable } from './database.ts'

export interface DeviceRow {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly isHouse: boolean
}

/** Finds the device of a public key, or registers it with an account of its own. */
export async function registerDevice(
  db: Queryable,
  { publicKey, isHouse, now }: { publicKey: Uint8Array; isHouse: boolean; now: Date },
): Promise<DeviceRow> {
  const known = await db.query<DeviceRow>(
    `update devices set seen_at = $2 where public_key = $1
     returning id as "deviceId", account_id as "accountId", is_house as "isHouse"`,
    [publicKey, now],
  )
  if (known.rows[0] !== undefined) return known.rows[0]
  // Two first requests of one key at the same time: the loser's account stays empty, and it reads the winner's device.
  await db.query(
    `with account as (insert into accounts (created_at) values ($2) returning id)
     insert into devices (account_id, public_key, is_house, created_at, seen_at)
     select id, $1, $3, $2, $2 from account
     on conflict (public_key) do nothing`,
    [publicKey, now, isHouse],
  )
  return registerDevice(db, { publicKey, isHouse, now })
}

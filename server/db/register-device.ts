import type { Queryable } from './database.ts'

export interface DeviceRow {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly isHouse: boolean
}

/** Finds the device of a public key, and marks it as seen. */
export async function findDevice(db: Queryable, publicKey: Uint8Array, now: Date): Promise<DeviceRow | undefined> {
  const { rows } = await db.query<DeviceRow>(
    `update devices set seen_at = $2 where public_key = $1
     returning id as "deviceId", account_id as "accountId", is_house as "isHouse"`,
    [publicKey, now],
  )
  return rows[0]
}

export interface NewDevice {
  readonly publicKey: Uint8Array
  readonly isHouse: boolean
  readonly network: bigint
}

/** Registers a device with an account of its own; finds the one that another request has just registered. */
export async function registerDevice(db: Queryable, device: NewDevice, now: Date): Promise<DeviceRow> {
  // Two first requests of one key at the same time: the loser's account stays empty, and it reads the winner's device.
  await db.query(
    `with account as (insert into accounts (created_at) values ($2) returning id)
     insert into devices (account_id, public_key, is_house, network, created_at, seen_at)
     select id, $1, $3, $4, $2, $2 from account
     on conflict (public_key) do nothing`,
    [device.publicKey, now, device.isHouse, device.network],
  )
  return (await findDevice(db, device.publicKey, now)) as DeviceRow
}

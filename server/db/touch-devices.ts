import type { Queryable } from './database.ts'

/** Notes when devices were last heard of. Ordered, so that two servers never lock them crosswise. */
export async function touchDevices(db: Queryable, deviceIds: readonly bigint[], now: Date): Promise<void> {
  await db.query(
    `update devices set seen_at = $2
     from (select id from devices where id = any($1::bigint[]) order by id for no key update) seen
     where devices.id = seen.id`,
    [deviceIds, now],
  )
}

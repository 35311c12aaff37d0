import type { Queryable } from './database.ts'

export interface NetworkRow {
  readonly activeDevices: number
  readonly devices: bigint
  readonly returned: bigint
  readonly microCredits: bigint
}

export async function readNetwork(db: Queryable, now: Date): Promise<NetworkRow> {
  const { rows } = await db.query<NetworkRow>(
    `select
       (select count(*)::int from devices where not is_house and seen_at > $1::timestamptz - interval '5 minutes') as "activeDevices",
       (select count(*) from devices where not is_house) as devices,
       (select coalesce(sum(returned), 0)::bigint from activity) as returned,
       (select coalesce(sum(micro_credits), 0)::bigint from activity) as "microCredits"`,
    [now],
  )
  return rows[0] as NetworkRow
}

/** What happened in each of the last hour's minutes, oldest first. */
export async function readActivity(
  db: Queryable,
  now: Date,
): Promise<{ minute: Date; returned: number; accepted: number }[]> {
  const { rows } = await db.query<{ minute: Date; returned: number; accepted: number }>(
    `select minute, sum(returned)::int as returned, sum(accepted)::int as accepted from activity
     where minute > $1::timestamptz - interval '1 hour' group by minute order by minute`,
    [now],
  )
  return rows
}

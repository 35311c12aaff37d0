import { randomBytes } from 'node:crypto'
import type { Queryable } from './database.ts'

/** The secret of that name, made on first use; the same for every server of this database. */
export async function loadSecret(db: Queryable, name: string): Promise<Buffer> {
  await db.query('insert into secrets (name, value) values ($1, $2) on conflict do nothing', [name, randomBytes(32)])
  const { rows } = await db.query<{ value: Buffer }>('select value from secrets where name = $1', [name])
  return (rows[0] as { value: Buffer }).value
}

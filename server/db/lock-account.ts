import type { Queryable } from './database.ts'

/** Makes changes that count in the quotas of an account wait for each other until the end of the transaction. */
export async function lockAccount(client: Queryable, accountId: bigint): Promise<void> {
  await client.query('select from accounts where id = $1 for no key update', [accountId])
}

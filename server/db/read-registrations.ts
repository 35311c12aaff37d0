import type { CheckRecord } from '../domain/credibility.ts'
import { type Registration, stateOfAccount } from '../domain/registration-limit.ts'
import type { Queryable } from './database.ts'

interface RegistrationRow {
  accountId: bigint
  registeredAt: Date
  passed: number | null
  strikes: number | null
  failedAt: Date | null
}

/** Any number that no other lock of two numbers has. */
const lockClass = 7_143

/** Makes others who ask for the same network wait until the transaction ends. Two networks may share a lock. */
export async function lockNetwork(db: Queryable, network: bigint): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1::int, $2::int)', [lockClass, Number(BigInt.asIntN(32, network))])
}

/** The accounts that were registered from a network since then, as they stand now. */
export async function readRegistrations(db: Queryable, network: bigint, since: Date): Promise<Registration[]> {
  const { rows } = await db.query<RegistrationRow>(
    `select account_id as "accountId", created_at as "registeredAt", passed, strikes, failed_at as "failedAt"
     from devices left join records using (account_id)
     where network = $1 and created_at > $2`,
    [network, since],
  )
  const accounts = new Map<bigint, { at: number; records: CheckRecord[] }>()
  for (const { accountId, registeredAt, passed, strikes, failedAt } of rows) {
    const account = accounts.get(accountId) ?? { at: registeredAt.getTime(), records: [] }
    if (passed !== null && strikes !== null)
      account.records.push({ passed, strikes, failedAt: failedAt?.getTime() ?? undefined })
    accounts.set(accountId, account)
  }
  return [...accounts.values()].map(({ at, records }) => ({ at, state: stateOfAccount(records) }))
}

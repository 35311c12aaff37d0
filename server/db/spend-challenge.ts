import type { Queryable } from './database.ts'

/** Marks a challenge as answered, and forgets those that have expired. @returns false where it was spent before */
export async function spendChallenge(db: Queryable, nonce: Buffer, expiresAt: Date, now: Date): Promise<boolean> {
  const { rows } = await db.query(
    `with expired as (delete from spent_challenges where expires_at < $3)
     insert into spent_challenges (nonce, expires_at) values ($1, $2) on conflict do nothing
     returning nonce`,
    [nonce, expiresAt, now],
  )
  return rows.length > 0
}

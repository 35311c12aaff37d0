import { toPlainText } from '../../protocol/plain-text.ts'
import type { NewTrial, TrialOutcome } from '../../protocol/posting.ts'
import type { Queryable } from './database.ts'

/** What a trial tries, checked when it began. */
export interface TrialRow extends NewTrial {
  readonly id: string
  readonly accountId: bigint
  /** Tasks of a job made of it, in decimal. */
  readonly tasks: string
  /** Undefined while it runs. */
  readonly outcome: TrialOutcome | undefined
  /** Runs that are over, as its server said at {@link seenAt}. */
  readonly done: number
  readonly seenAt: Date
}

type Tried = Pick<TrialRow, 'kernel' | 'parameters' | 'compare' | 'tasks'>

/** Trials are kept for so long: a job may be made of them, and they say what their blobs are for. */
export const trialDays = 7

export async function insertTrial(
  db: Queryable,
  { id, accountId, seenAt, ...trial }: Omit<TrialRow, 'outcome' | 'done'>,
): Promise<void> {
  await db.query('insert into trials (id, account_id, trial, seen_at, created_at) values ($1, $2, $3, $4, $4)', [
    id,
    accountId,
    JSON.stringify(trial satisfies Tried),
    seenAt,
  ])
}

/** Says that trials are under way, and how far they are. */
export async function touchTrials(
  db: Queryable,
  trials: readonly Pick<TrialRow, 'id' | 'done'>[],
  now: Date,
): Promise<void> {
  await db.query(
    `update trials t set done = g.done, seen_at = $3
     from unnest($1::uuid[], $2::integer[]) g (id, done) where t.id = g.id`,
    [trials.map(({ id }) => id), trials.map(({ done }) => done), now],
  )
}

/** A log may hold anything, and so may the names in a module; PostgreSQL takes text only. */
const toStored = (_key: string, value: unknown): unknown => (typeof value === 'string' ? toPlainText(value) : value)

export async function finishTrial(db: Queryable, id: string, outcome: TrialOutcome): Promise<void> {
  await db.query('update trials set outcome = $2 where id = $1', [id, JSON.stringify(outcome, toStored)])
}

/** @returns undefined where the account has no such trial */
export async function findTrial(db: Queryable, id: string, accountId: bigint): Promise<TrialRow | undefined> {
  const { rows } = await db.query<{ trial: Tried; outcome: TrialOutcome | null; done: number; seenAt: Date }>(
    `select trial, outcome, done, seen_at as "seenAt" from trials where id = $1 and account_id = $2`,
    [id, accountId],
  )
  return rows.map(({ trial, outcome, ...seen }) => ({
    ...trial,
    ...seen,
    id,
    accountId,
    outcome: outcome ?? undefined,
  }))[0]
}

/** Trials that an account began since then. */
export async function countTrials(db: Queryable, accountId: bigint, since: Date): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from trials where account_id = $1 and created_at > $2',
    [accountId, since],
  )
  return rows[0]?.count ?? 0
}

/** Drops trials that nobody will make a job of any more. */
export async function dropTrials(db: Queryable, before: Date): Promise<void> {
  await db.query('delete from trials where created_at < $1', [before])
}

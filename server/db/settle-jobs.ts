import type { Queryable } from './database.ts'

/**
 * Moves jobs on to where they stand by themselves: all tasks judged, past their deadline, or without the budget for one
 * more replica. Doing it twice changes nothing, so every server may.
 *
 * @returns whether any has moved
 */
export async function settleJobs(db: Queryable, now: Date): Promise<boolean> {
  const { rows } = await db.query(
    `with judged as (
       select j.id
       from jobs j
         join job_progress p on p.job_id = j.id
         left join lateral (
           select sum(accepted + disputed + failed) as open from chunks c where c.job_id = j.id and c.sealed_at is null) c on true
       where j.state not in ('finished', 'canceled') and j.next_index = j.task_count
         and p.accepted + p.disputed + p.failed + coalesce(c.open, 0) = j.task_count),
     settled as (
       select j.id,
         case
           when j.id in (select id from judged) then 'finished'
           when j.deadline <= $1 then 'overdue'
           -- A job without a budget has nothing to sum.
           when j.budget is null then j.state
           when j.state = 'active' and j.budget <
             j.micro_credits + (select coalesce(sum(micro_credits), 0) from contributions c where c.job_id = j.id) then 'outOfBudget'
           else j.state
         end as state
       from jobs j
       where j.state not in ('finished', 'canceled'))
     update jobs j set state = s.state from settled s where j.id = s.id and j.state <> s.state
       and j.state not in ('finished', 'canceled')
     returning j.id`,
    [now],
  )
  return rows.length > 0
}

import { acceptedOutput } from '../domain/accepted-output.ts'
import { certaintyOf } from '../domain/certainty.ts'
import { type FoldedTask, foldLog } from '../domain/fold-log.ts'
import type { TaskState } from '../domain/task.ts'
import type { Queryable } from './database.ts'
import type { JobRow } from './jobs.ts'
import { readChunkVotes } from './read-chunk.ts'

/** A task that has a verdict. */
export type JudgedTask = { readonly index: bigint; readonly judgedAt: number } & (
  | {
      readonly state: 'accepted'
      readonly digest: string
      readonly output: Uint8Array
      /** The probability that the verdict is right. */
      readonly certainty: number
    }
  | { readonly state: 'failed'; readonly reason: string; readonly certainty: number }
  | { readonly state: 'disputed' }
)
export type AcceptedTask = Extract<JudgedTask, { state: 'accepted' }>
type JudgedState = JudgedTask['state']

/** What of the tasks of a chunk may be shown, given its first index. */
export type ConcealOf = (lo: bigint) => (folded: FoldedTask) => TaskState

export const showAll: ConcealOf = () => folded => folded.task

const page = 100

/** Most chunks have no failed task, and the books, which follow the log within a second, know which. */
const chunksWith = { any: 'true', accepted: 'true', failed: 'failed > 0', disputed: 'disputed > 0' } as const

/** First indexes of the chunks of a job, from `from` on, in pages. */
async function* listChunks(
  db: Queryable,
  { jobId, from, having }: { jobId: bigint; from: bigint; having: keyof typeof chunksWith },
): AsyncGenerator<bigint> {
  for (let next = from; ; ) {
    const { rows } = await db.query<{ lo: bigint }>(
      `select lo from chunks where job_id = $1 and lo >= $2 and ${chunksWith[having]} order by lo limit $3`,
      [jobId, next, page],
    )
    for (const { lo } of rows) yield lo
    const last = rows.at(-1)
    if (last === undefined || rows.length < page) return
    next = last.lo + 1n
  }
}

/**
 * Tasks of a job that have a verdict, in their order and chunk by chunk, so that a large job never sits in memory.
 *
 * @param after only tasks behind this index: chunks before it are not read
 * @param state only tasks with this verdict: chunks without a failed or disputed one are not read for those
 */
export async function* readJudged<State extends JudgedState = JudgedState>(
  db: Queryable,
  { id, chunkSize, policy }: Pick<JobRow, 'id' | 'chunkSize' | 'policy'>,
  concealOf: ConcealOf,
  { after = -1n, state }: { readonly after?: bigint; readonly state?: State } = {},
): AsyncGenerator<Extract<JudgedTask, { state: State }>> {
  const from = ((after + 1n) / BigInt(chunkSize)) * BigInt(chunkSize)
  for await (const lo of listChunks(db, { jobId: id, from, having: state ?? 'any' })) {
    const conceal = concealOf(lo)
    for (const folded of foldLog(await readChunkVotes(db, { jobId: id, lo }), policy)) {
      const index = lo + BigInt(folded.offset)
      if (index <= after) continue
      const judged = toJudged(index, conceal(folded), policy)
      if (judged !== undefined && isOf(judged, state)) yield judged
    }
  }
}

const isOf = <State extends JudgedState>(
  judged: JudgedTask,
  state: State | undefined,
): judged is Extract<JudgedTask, { state: State }> => state === undefined || judged.state === state

function toJudged(index: bigint, task: TaskState, policy: JobRow['policy']): JudgedTask | undefined {
  const { judgement, votes, judgedAt = 0 } = task
  switch (judgement.state) {
    case 'pending':
      return undefined
    case 'accepted': {
      const accepted = acceptedOutput(task)
      return (
        accepted && {
          index,
          judgedAt,
          state: 'accepted',
          ...accepted,
          certainty: certaintyOf(judgement, votes, policy),
        }
      )
    }
    case 'failed':
      return { index, judgedAt, ...judgement, certainty: certaintyOf(judgement, votes, policy) }
    case 'disputed':
      return { index, judgedAt, ...judgement }
  }
}

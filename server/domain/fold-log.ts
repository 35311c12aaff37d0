import type { Policy } from '../../protocol/jobs.ts'
import { foldVote, freshTask, type LoggedVote, type TaskState } from './task.ts'

/** What a task has come to, with its outputs: the fold of its votes, in the order of the log. */
export function foldTask(votes: readonly LoggedVote[], policy: Policy): TaskState {
  let task = freshTask
  for (const logged of votes) task = foldVote(task, logged, policy, true)
  return task
}

export interface FoldedTask {
  /** Which task of its chunk. */
  readonly offset: number
  readonly task: TaskState
}

/** The tasks of a chunk that anything was returned for, in their order. */
export function* foldLog(votes: readonly LoggedVote[], policy: Policy): Generator<FoldedTask> {
  const byOffset = Map.groupBy(votes, ({ offset }) => offset)
  for (const offset of [...byOffset.keys()].sort((a, b) => a - b))
    yield { offset, task: foldTask(byOffset.get(offset) ?? [], policy) }
}

import { setTimeout as sleep } from 'node:timers/promises'
import { createBatcher } from './batcher.ts'
import { type Database, isRetryable } from './db/database.ts'
import { type AddOutput, type NewVerdict, recordVerdicts, type TaskKey } from './db/record-verdicts.ts'

type Item =
  | { readonly kind: 'verdict'; readonly verdict: NewVerdict }
  | { readonly kind: 'voted'; readonly task: TaskKey }

const retryAfterMs = 500

/** Writes verdicts and credits in batches. While the database is away it holds what it has, and goes on when it is back. */
export function createVerdictWriter(input: {
  readonly database: Database
  readonly serverId: string
  readonly now: () => number
  readonly addOutput: AddOutput
  /** Ends the waiting for a database that is away: what is not written is found again by folding the log. */
  readonly signal: AbortSignal
}) {
  const { database, serverId, addOutput, signal } = input

  async function write(items: readonly Item[]): Promise<readonly undefined[]> {
    const verdicts = items.flatMap(item => (item.kind === 'verdict' ? [item.verdict] : []))
    const voted = items.flatMap(item => (item.kind === 'voted' ? [item.task] : []))
    for (;;) {
      try {
        await recordVerdicts(database, { verdicts, voted, serverId, now: new Date(input.now()), addOutput })
        return items.map(() => undefined)
      } catch (error) {
        if (!isRetryable(error) || signal.aborted) throw error
        await sleep(retryAfterMs, undefined, { signal })
      }
    }
  }

  const batcher = createBatcher(write)
  return {
    async recordVerdicts(verdicts: readonly NewVerdict[]): Promise<void> {
      if (verdicts.length > 0) await batcher.add(verdicts.map(verdict => ({ kind: 'verdict', verdict })))
    },
    /** Gives results that agree with a verdict already recorded their credit. */
    async creditLateVotes(tasks: readonly TaskKey[]): Promise<void> {
      if (tasks.length > 0) await batcher.add(tasks.map(task => ({ kind: 'voted', task })))
    },
    /** Resolves when all that was given to it is written or has failed. */
    idle: batcher.idle,
  }
}

export type VerdictWriter = ReturnType<typeof createVerdictWriter>

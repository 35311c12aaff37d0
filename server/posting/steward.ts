import type { Database } from '../db/database.ts'
import { settleJobs } from '../db/settle-jobs.ts'
import { dropTrials, trialDays } from '../db/trials.ts'
import { DatabaseUnavailableError } from '../errors.ts'
import type { Logger } from '../logger.ts'

const everyMs = 1000
const hourMs = 60 * 60_000

/** Moves jobs on when they are finished, overdue or out of budget, and forgets old trials. */
export function createSteward(input: {
  readonly database: Database
  readonly now: () => number
  readonly log: Logger
  readonly onSettled: () => Promise<void>
}) {
  const { database, now, log, onSettled } = input
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = Promise.resolve()
  let isStopping = false
  let droppedAt = 0

  async function work(): Promise<void> {
    try {
      if (await settleJobs(database, new Date(now()))) await onSettled()
      if (now() - droppedAt > hourMs) {
        droppedAt = now()
        await dropTrials(database, new Date(now() - trialDays * 24 * hourMs))
      }
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) log.error('Jobs could not be looked after', { error })
    }
  }

  function schedule(): void {
    timer = setTimeout(() => {
      working = work().finally(() => {
        if (!isStopping) schedule()
      })
    }, everyMs)
  }

  return {
    start: schedule,
    async stop(): Promise<void> {
      isStopping = true
      clearTimeout(timer)
      await working
    },
  }
}

import { proxy } from 'comlink'
import { useEffect, useReducer, useRef } from 'react'
import type { RerunTask, RunOutcome } from '../../protocol/volunteer.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { type LocalRun, reduceRuns } from './local-runs.ts'

async function abort(): Promise<void> {
  await (await connectVolunteer()).abortRerun()
}

function abortRuns(turn: { current: number }): void {
  turn.current++
  abort().catch((cause: unknown) => console.error('The run could not be stopped.', cause))
}

/** Runs single tasks in this browser, one after the other, in the sandbox that volunteers' tasks run in. */
export function useLocalRuns(): {
  readonly runs: readonly LocalRun[]
  readonly run: (indexes: readonly bigint[], taskOf: (index: bigint) => Promise<RerunTask>) => Promise<void>
  readonly stop: () => void
} {
  const [runs, dispatch] = useReducer(reduceRuns, [])
  /** Counts starts: what an earlier one still has to say is about something else. */
  const turn = useRef(0)

  // Whoever leaves the step did not ask for the core to go on.
  useEffect(
    () => () => {
      if (turn.current > 0) abortRuns(turn)
    },
    [],
  )

  const stop = () => {
    abortRuns(turn)
    dispatch({ kind: 'stopped' })
  }

  async function runOne(index: bigint, task: RerunTask, now: number): Promise<RunOutcome> {
    const volunteer = await connectVolunteer()
    return volunteer.rerun(
      task,
      proxy((progress: number) => {
        if (turn.current === now) dispatch({ kind: 'progressed', index, progress })
      }),
    )
  }

  async function run(indexes: readonly bigint[], taskOf: (index: bigint) => Promise<RerunTask>) {
    const now = ++turn.current
    dispatch({ kind: 'began', indexes })
    for (const index of indexes) {
      dispatch({ kind: 'progressed', index, progress: 0 })
      const outcome = await taskOf(index)
        .then(task => runOne(index, task, now))
        .catch(
          (cause: unknown): RunOutcome => ({
            kind: 'failed',
            reason: cause instanceof Error ? cause.message : String(cause),
            elapsedMs: 0,
            log: '',
          }),
        )
      if (turn.current !== now) return
      dispatch({ kind: 'ended', index, outcome })
      if (outcome.kind !== 'done') return dispatch({ kind: 'stopped' })
    }
  }

  return { runs, run, stop }
}

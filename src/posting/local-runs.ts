import type { RunOutcome } from '../../protocol/volunteer.ts'

/** A task that is tried in this browser. */
export type LocalRun = { readonly index: bigint } & (
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly progress: number }
  | { readonly state: 'over'; readonly outcome: Exclude<RunOutcome, { kind: 'aborted' }> }
  /** Not run, or not to its end: it was stopped, or one before it failed. */
  | { readonly state: 'stopped' }
)

export type RunsAction =
  | { readonly kind: 'began'; readonly indexes: readonly bigint[] }
  | { readonly kind: 'progressed'; readonly index: bigint; readonly progress: number }
  | { readonly kind: 'ended'; readonly index: bigint; readonly outcome: RunOutcome }
  | { readonly kind: 'stopped' }

export function reduceRuns(runs: readonly LocalRun[], action: RunsAction): readonly LocalRun[] {
  switch (action.kind) {
    case 'began':
      return action.indexes.map(index => ({ index, state: 'waiting' }))
    case 'progressed':
      return runs.map(run =>
        run.index === action.index && (run.state === 'waiting' || run.state === 'running')
          ? { index: run.index, state: 'running', progress: action.progress }
          : run,
      )
    case 'ended': {
      const { index, outcome } = action
      return runs.map(run => {
        if (run.index !== index) return run
        return outcome.kind === 'aborted' ? { index, state: 'stopped' } : { index, state: 'over', outcome }
      })
    }
    case 'stopped':
      return runs.map(run =>
        run.state === 'waiting' || run.state === 'running' ? { index: run.index, state: 'stopped' } : run,
      )
  }
}

export const isRunning = (runs: readonly LocalRun[]): boolean =>
  runs.some(({ state }) => state === 'waiting' || state === 'running')

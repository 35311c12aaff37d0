import { describe, expect, test } from 'vitest'
import { isRunning, type LocalRun, type RunsAction, reduceRuns } from './local-runs.ts'

const runsAfter = (...actions: RunsAction[]) => actions.reduce<readonly LocalRun[]>(reduceRuns, [])
const began: RunsAction = { kind: 'began', indexes: [0n, 5n] }
const done = { kind: 'done', output: new Uint8Array(), elapsedMs: 1, log: '', memoryBytes: 1 } as const

describe('reduceRuns', () => {
  test('default', () => {
    const runs = runsAfter(
      began,
      { kind: 'progressed', index: 0n, progress: 0.5 },
      { kind: 'ended', index: 0n, outcome: done },
    )
    expect(runs).toEqual([
      { index: 0n, state: 'over', outcome: done },
      { index: 5n, state: 'waiting' },
    ])
    expect(isRunning(runs)).toBe(true)
  })
  test('behavior: what is stopped is not over, and what is over stays so', () => {
    const runs = runsAfter(began, { kind: 'ended', index: 0n, outcome: done }, { kind: 'stopped' })
    expect(runs.map(({ state }) => state)).toEqual(['over', 'stopped'])
    expect(isRunning(runs)).toBe(false)
  })
  test('behavior: progress that comes after the end changes nothing', () => {
    const ended = runsAfter(began, { kind: 'ended', index: 0n, outcome: { kind: 'aborted' } })
    expect(reduceRuns(ended, { kind: 'progressed', index: 0n, progress: 1 })).toEqual(ended)
  })
})

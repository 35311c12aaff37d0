import type { LeaseToken } from '../protocol/ids.ts'
import type { HeldLease } from './holdings.ts'
import { type LaneRun, type LaneRunPorts, startLaneRun } from './lane-run.ts'
import type { Checkpoint, RunEnd } from './run-kernel.ts'

/** How long a pause waits for checkpoints before it takes the last ones. */
const pauseLimitMs = 1500

export interface LanesPorts extends Pick<LaneRunPorts, 'pool' | 'kernels' | 'blobs' | 'onChange'> {
  onCheckpoint(token: LeaseToken, checkpoint: Checkpoint): void
  /** Its lane is free when this is called. */
  onEnd(run: LaneRun, end: RunEnd): void
}

/** Which lease runs on which lane. */
export interface Lanes {
  readonly busy: number
  at(index: number): LaneRun | undefined
  of(token: LeaseToken): LaneRun | undefined
  /** The lane must be free. */
  occupy(index: number, held: HeldLease, cpuPercent: number): void
  setCpuPercent(cpuPercent: number): void
  /** Ends the runs of the lanes from `first` on, with checkpoints where they can be had in time. */
  pause(first: number): Promise<void>
  /** Ends all runs at once. */
  abort(): void
}

export function createLanes({ pool, kernels, blobs, ...ports }: LanesPorts): Lanes {
  const runs = new Map<number, LaneRun>()
  const find = (token: LeaseToken) => [...runs.values()].find(run => run.held.lease.lease === token)

  return {
    get busy() {
      return runs.size
    },
    at: index => runs.get(index),
    of: find,
    occupy(index, held, cpuPercent) {
      const run = startLaneRun(held, cpuPercent, {
        pool,
        kernels,
        blobs,
        onChange: ports.onChange,
        onCheckpoint: checkpoint => ports.onCheckpoint(held.lease.lease, checkpoint),
      })
      runs.set(index, run)
      void run.end.then(end => {
        runs.delete(index)
        ports.onEnd(run, end)
      })
    },
    setCpuPercent(cpuPercent) {
      for (const run of runs.values()) run.setCpuPercent(cpuPercent)
    },
    async pause(first) {
      const paused = [...runs].filter(([index]) => index >= first).map(([, run]) => run)
      for (const run of paused) run.pause()
      const limit = setTimeout(() => {
        for (const run of paused) run.abort()
      }, pauseLimitMs)
      await Promise.all(paused.map(run => run.end))
      clearTimeout(limit)
    },
    abort() {
      for (const run of runs.values()) run.abort()
    },
  }
}

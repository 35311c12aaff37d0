import type { LeaseToken, TaskId } from '../protocol/ids.ts'
import type { FinishedLease, Lease } from '../protocol/work.ts'
import type { Unreported } from './exchange.ts'
import { createHoldings, type HeldLease, type Leftovers } from './holdings.ts'
import type { Checkpoint } from './run-kernel.ts'
import type { Store } from './store.ts'

/** The leases and results of this visit, in memory and, as they change, in the store. */
export interface Stock {
  readonly held: ReadonlyMap<LeaseToken, HeldLease>
  /** Oldest first. */
  readonly unreported: readonly Unreported[]
  /** What the store holds, which another tab may have changed. */
  load(): Promise<Leftovers>
  /** Takes over what was loaded: its leases in place of those in memory, its results beside them. */
  takeUp(leftovers: Leftovers): void
  /** A second lease of a task that is held or finished already is left to expire: the first one's result counts for it. */
  add(leases: readonly Lease[]): void
  /** Of a lease that is held no more: nothing happens. */
  checkpoint(token: LeaseToken, checkpoint: Checkpoint): void
  /** The lease becomes a result. Of a lease that is held no more: nothing happens. */
  finish(finished: FinishedLease): void
  /** Forgets leases and results. */
  drop(tokens: readonly LeaseToken[]): void
  settled(): Promise<void>
}

export function createStock(store: Store): Stock {
  const holdings = createHoldings(store)
  let held = new Map<LeaseToken, HeldLease>()
  let unreported: readonly Unreported[] = []
  /** Of leases that are held or whose result is unreported. A server that lost its memory may lease them again. */
  const tasks = new Map<LeaseToken, TaskId>()

  return {
    get held() {
      return held
    },
    get unreported() {
      return unreported
    },
    load: holdings.load,
    takeUp(leftovers) {
      held = new Map(leftovers.held.map(one => [one.lease.lease, one]))
      for (const { lease } of leftovers.held) tasks.set(lease.lease, lease.taskId)
      const known = new Set(unreported.map(({ finished }) => finished.lease))
      const found = leftovers.finished.filter(({ lease }) => !known.has(lease))
      unreported = [...found.map(finished => ({ finished, sinceMs: Date.now() })), ...unreported]
    },
    add(leases) {
      const known = new Set(tasks.values())
      for (const lease of leases.filter(({ taskId }) => !known.has(taskId))) {
        tasks.set(lease.lease, lease.taskId)
        held.set(lease.lease, { lease })
        holdings.keepLease(lease)
      }
    },
    checkpoint(token, checkpoint) {
      const one = held.get(token)
      if (!one) return
      held.set(token, { lease: one.lease, checkpoint })
      holdings.keepCheckpoint(token, checkpoint)
    },
    finish(finished) {
      if (!held.delete(finished.lease)) return
      unreported = [...unreported, { finished, sinceMs: Date.now() }]
      holdings.keepResult(finished)
    },
    drop(tokens) {
      unreported = unreported.filter(({ finished }) => !tokens.includes(finished.lease))
      for (const token of tokens) {
        held.delete(token)
        tasks.delete(token)
        holdings.drop(token)
      }
    },
    settled: holdings.settled,
  }
}

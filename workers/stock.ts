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
  /**
   * Loads and takes over: the store's leases in place of those in memory, its results beside them. What happened in
   * memory while it loaded is newer, and stays.
   *
   * @param isStillWanted asked when it has loaded
   * @returns whether it was
   */
  takeUp(isStillWanted: () => boolean): Promise<boolean>
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
  /** For each load under way: what has changed since it began. */
  const loads = new Set<Set<LeaseToken>>()

  function note(token: LeaseToken): void {
    for (const changed of loads) changed.add(token)
  }

  return {
    get held() {
      return held
    },
    get unreported() {
      return unreported
    },
    load: holdings.load,
    async takeUp(isStillWanted) {
      const changed = new Set<LeaseToken>()
      loads.add(changed)
      const leftovers = await holdings.load()
      loads.delete(changed)
      if (!isStillWanted()) return false
      const isUnreported = new Set(unreported.map(({ finished }) => finished.lease))
      const isNews = (token: LeaseToken) => !changed.has(token) && !isUnreported.has(token)
      const found = leftovers.held.filter(({ lease }) => isNews(lease.lease))
      const kept = [...held].filter(([token]) => changed.has(token))
      for (const token of held.keys()) tasks.delete(token)
      held = new Map([...found.map(one => [one.lease.lease, one] as const), ...kept])
      for (const [token, { lease }] of held) tasks.set(token, lease.taskId)
      const finished = leftovers.finished.filter(({ lease }) => isNews(lease))
      unreported = [...finished.map(one => ({ finished: one, sinceMs: Date.now() })), ...unreported]
      return true
    },
    add(leases) {
      const known = new Set(tasks.values())
      for (const lease of leases.filter(({ taskId }) => !known.has(taskId))) {
        note(lease.lease)
        tasks.set(lease.lease, lease.taskId)
        held.set(lease.lease, { lease })
        holdings.keepLease(lease)
      }
    },
    checkpoint(token, checkpoint) {
      const one = held.get(token)
      if (!one) return
      note(token)
      held.set(token, { lease: one.lease, checkpoint })
      holdings.keepCheckpoint(token, checkpoint)
    },
    finish(finished) {
      if (!held.delete(finished.lease)) return
      note(finished.lease)
      unreported = [...unreported, { finished, sinceMs: Date.now() }]
      holdings.keepResult(finished)
    },
    drop(tokens) {
      unreported = unreported.filter(({ finished }) => !tokens.includes(finished.lease))
      for (const token of tokens) {
        note(token)
        held.delete(token)
        tasks.delete(token)
        holdings.drop(token)
      }
    },
    settled: holdings.settled,
  }
}

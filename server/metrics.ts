import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PoolState } from './db/database.ts'

/** From a request that only looks something up to one that waits for a slow disk. */
const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What is read when somebody asks; each is a number that its owner has at hand. */
const watched = {
  openLeases: { name: 'tidemill_leases_open', help: 'Leases that devices hold of this server' },
  awaiting: { name: 'tidemill_tasks_awaiting', help: 'Tasks of held chunks that wait for another opinion' },
  chunks: { name: 'tidemill_chunks_held', help: 'Chunks that this server holds' },
  appendQueue: { name: 'tidemill_append_queue', help: 'Results that wait for their commit' },
  flushQueue: { name: 'tidemill_flush_queue', help: 'Chunks whose counts wait to be written' },
} as const

export type WatchedMetrics = Readonly<Record<keyof typeof watched, () => number>>

/**
 * What this server has done and holds, in a registry of its own.
 *
 * @param includesProcess adds the process's own: memory, CPU, event-loop delay, garbage collection
 */
export function createMetrics({ includesProcess }: { readonly includesProcess: boolean }) {
  const registry = new Registry()
  const registers = [registry]
  if (includesProcess) collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: 'tidemill_http_request_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['route', 'status'],
    buckets: requestBuckets,
    registers,
  })
  const results = new Counter({ name: 'tidemill_results_appended_total', help: 'Results new to the log', registers })
  const verdicts = new Counter({
    name: 'tidemill_verdicts_total',
    help: 'Tasks judged',
    labelNames: ['state'],
    registers,
  })
  const probes = new Counter({
    name: 'tidemill_probes_total',
    help: 'Probes that came back',
    labelNames: ['outcome'],
    registers,
  })

  return {
    registry,
    /** @param route the pattern, not the path: paths have no end, and may hold a lease */
    observeRequest: (route: string, status: number, seconds: number): void =>
      requests.labels(route, `${status}`).observe(seconds),
    resultsAppended: (count: number): void => results.inc(count),
    verdicts: (state: 'accepted' | 'disputed' | 'failed', count: number): void => verdicts.labels(state).inc(count),
    probes: (outcome: 'passed' | 'failed', count: number): void => probes.labels(outcome).inc(count),

    /** Names the functions that a gauge reads whenever the metrics are asked for. */
    watch(sources: Partial<WatchedMetrics>): void {
      for (const [key, read] of Object.entries(sources)) {
        const { name, help } = watched[key as keyof WatchedMetrics]
        registry.removeSingleMetric(name)
        new Gauge({
          ...{ name, help, registers },
          collect() {
            this.set(read())
          },
        })
      }
    },

    watchPool(read: () => PoolState): void {
      new Gauge({
        name: 'tidemill_database_connections',
        help: 'Connections of the pool, and statements that wait for one',
        labelNames: ['state'],
        registers,
        collect() {
          for (const [state, count] of Object.entries(read())) this.labels(state).set(count)
        },
      })
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>

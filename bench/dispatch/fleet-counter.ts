import { createHistogram } from 'node:perf_hooks'
import type { FleetCounts } from './fleet-messages.ts'

/** One answered request. */
export interface Answered {
  /** Since it was due, which may be before it was sent. */
  readonly latencyMs: number
  readonly bytes: number
  readonly stored: number
  readonly leases: number
}

const longestMicroseconds = 600_000_000

/** Adds up what all devices of a fleet see. */
export class FleetCounter {
  readonly #latencies = createHistogram({ lowest: 1, highest: longestMicroseconds, figures: 3 })
  #since = performance.now()
  #requests = 0
  #acknowledged = 0
  #bytes = 0
  #emptyAnswers = 0
  #refusals: Record<string, number> = {}

  reset(): void {
    this.#latencies.reset()
    this.#since = performance.now()
    this.#requests = 0
    this.#acknowledged = 0
    this.#bytes = 0
    this.#emptyAnswers = 0
    this.#refusals = {}
  }

  answered({ latencyMs, bytes, stored, leases }: Answered): void {
    this.#latencies.record(Math.min(longestMicroseconds, Math.max(1, Math.round(latencyMs * 1000))))
    this.#requests++
    this.#acknowledged += stored
    this.#bytes += bytes
    if (leases === 0) this.#emptyAnswers++
  }

  refused(code: string): void {
    this.#refusals[code] = (this.#refusals[code] ?? 0) + 1
  }

  read(): FleetCounts {
    const ms = (microseconds: number) => (this.#requests === 0 ? 0 : microseconds / 1000)
    return {
      seconds: (performance.now() - this.#since) / 1000,
      requests: this.#requests,
      acknowledged: this.#acknowledged,
      bytes: this.#bytes,
      emptyAnswers: this.#emptyAnswers,
      refusals: this.#refusals,
      p50Ms: ms(this.#latencies.percentile(50)),
      p99Ms: ms(this.#latencies.percentile(99)),
      longestMs: ms(this.#latencies.max),
    }
  }
}

/** Started as `node fleet.ts '<order as JSON>'`. */
export interface FleetOrder {
  /** Of the servers; devices take them in turn. */
  readonly urls: readonly string[]
  readonly devices: number
  /** Leases that a device asks for, and so results in each of its reports. */
  readonly resultsPerReport: number
}

/** As fast as the server answers, or so many requests of the whole fleet a second, whatever it answers. */
export type Pace = { readonly kind: 'full' } | { readonly kind: 'open'; readonly requestsPerSecond: number }

/** What the fleet is told. Each is answered, in order. */
export type FleetCommand =
  /** The load goes on until the next command that changes it. */
  | { readonly kind: 'load'; readonly pace: Pace }
  /** Forgets what was counted so far. */
  | { readonly kind: 'count' }
  | { readonly kind: 'read' }
  /** Nothing more becomes due; done when all that was has its answer. */
  | { readonly kind: 'rest' }

export type FleetAnswer =
  /** Of itself, once all devices have their sessions and connections. */
  | { readonly kind: 'registered'; readonly accountIds: readonly string[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'counted'; readonly counts: FleetCounts }

/** What the fleet saw since it was told to count. */
export interface FleetCounts {
  readonly seconds: number
  /** Answered requests. */
  readonly requests: number
  /** Results that servers said they have stored. */
  readonly acknowledged: number
  /** Of requests and answers on the wire, heads included. */
  readonly bytes: number
  /** Answers without a lease. */
  readonly emptyAnswers: number
  /** Refusals that an honest device may meet, by their code; any other ends the fleet. */
  readonly refusals: Readonly<Record<string, number>>
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
}

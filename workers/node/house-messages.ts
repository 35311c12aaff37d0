/** What the house device is started with: a volunteer of the server's own, at low priority. */
export interface HouseData {
  /** Without a slash at its end. */
  readonly serverUrl: string
  readonly keyJwk: JsonWebKey
  readonly directory: string
  readonly cores: number
  readonly cpuPercent?: number
}

export type ToHouse =
  | { readonly kind: 'start'; readonly data: HouseData }
  /** Gives its leases back, reports what is finished, and ends the process. */
  | { readonly kind: 'stop' }

/** It ends by itself after it, with a code that is not 0. */
export interface FromHouse {
  readonly kind: 'unable'
  readonly reason: string
}

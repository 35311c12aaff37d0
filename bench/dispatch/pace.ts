import type { Device } from './device.ts'
import type { Pace } from './fleet-messages.ts'

/** A device that found no work, or was refused, asks again after so long. Only at full load: an open one has its beat. */
const emptyHandedMs = 20

/**
 * Decides when each device's next request is due.
 *
 * - `full`: as soon as it has its answer, so that there are always as many requests under way as devices
 * - `open`: at a fixed rate of the whole fleet, devices in turn, spread evenly, whether answers come or not. Timers beat
 *   at a millisecond at most, so a latency has up to one of the fleet's own
 */
export class Pacer {
  readonly #devices: readonly Device[]
  #pace: Pace | { readonly kind: 'rest' } = { kind: 'rest' }
  #timer: NodeJS.Timeout | undefined

  constructor(devices: readonly Device[]) {
    this.#devices = devices
  }

  load(pace: Pace): void {
    this.rest()
    this.#pace = pace
    if (pace.kind === 'open') this.#beat(pace.requestsPerSecond)
    else for (const device of this.#devices) if (!device.isBusy) device.due(performance.now())
  }

  rest(): void {
    clearTimeout(this.#timer)
    this.#pace = { kind: 'rest' }
  }

  onIdle(device: Device, hasWork: boolean): void {
    if (this.#pace.kind !== 'full') return
    if (hasWork) device.due(performance.now())
    else
      setTimeout(() => {
        if (this.#pace.kind === 'full' && !device.isBusy) device.due(performance.now())
      }, emptyHandedMs)
  }

  #beat(requestsPerSecond: number): void {
    const startedAt = performance.now()
    const spacingMs = 1000 / requestsPerSecond
    let sent = 0
    const beat = () => {
      for (let at = startedAt + sent * spacingMs; at <= performance.now(); at = startedAt + ++sent * spacingMs)
        this.#devices[sent % this.#devices.length]?.due(at)
      this.#timer = setTimeout(beat, 1)
    }
    beat()
  }
}

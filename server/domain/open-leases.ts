/** How many leases each device holds, over all chunks of a server. */
export class OpenLeases {
  readonly #counts = new Map<bigint, number>()

  of(deviceId: bigint): number {
    return this.#counts.get(deviceId) ?? 0
  }

  /** A task's holder has changed; undefined stands for nobody. */
  change(before: bigint | undefined, after: bigint | undefined): void {
    if (before === after) return
    if (before !== undefined) this.#add(before, -1)
    if (after !== undefined) this.#add(after, 1)
  }

  #add(deviceId: bigint, leases: number): void {
    const count = this.of(deviceId) + leases
    if (count === 0) this.#counts.delete(deviceId)
    else this.#counts.set(deviceId, count)
  }
}

/** A lease lives long enough for a reload, a pause over lunch, or a core twenty times slower than the reference. */
const shortestMs = 15 * 60_000
const slowestDevice = 20

/** @returns milliseconds that a device may take for a task of `credit` seconds of the reference core */
export const leaseMs = (credit: number): number => Math.max(shortestMs, Math.ceil(credit * slowestDevice * 1000))

import { failureReasons } from './failure-reasons.ts'
import { KernelFailure } from './kernel-failure.ts'

/** Standard output: what a program writes becomes its output. */
export interface WasiOutput {
  /** @throws {KernelFailure} over the cap, before anything of it is kept */
  write(bytes: Uint8Array): void
  take(): Uint8Array<ArrayBuffer>
}

export function createWasiOutput(capBytes: number): WasiOutput {
  let kept = new Uint8Array(Math.min(capBytes, 4096))
  let length = 0
  return {
    write(bytes) {
      const next = length + bytes.length
      if (next > capBytes) throw new KernelFailure(failureReasons.outputTooLarge(next, capBytes))
      if (next > kept.length) {
        const larger = new Uint8Array(Math.min(capBytes, Math.max(next, 2 * kept.length)))
        larger.set(kept.subarray(0, length))
        kept = larger
      }
      kept.set(bytes, length)
      length = next
    },
    take: () => kept.slice(0, length),
  }
}

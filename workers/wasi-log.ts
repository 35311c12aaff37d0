const progressStart = new TextEncoder().encode('tidemill:progress ')
const newline = 10
/** A number between 0 and 1 needs no more. */
const numberBytes = 32

/** Standard error: a log, and between its lines the program's word on its progress. */
export interface WasiLog {
  write(bytes: Uint8Array): void
  /** What was written, without lines of progress, cut to the cap. */
  take(): string
}

/**
 * @param capBytes what comes after it is dropped
 * @param onProgress hears the number of every line `tidemill:progress 0.42`, if it is one from 0 to 1
 */
export function createWasiLog(capBytes: number, onProgress: (progress: number) => void): WasiLog {
  const kept = new Uint8Array(capBytes)
  let length = 0
  /** The line's beginning, as long as it may still be one of progress. */
  const held = new Uint8Array(progressStart.length + numberBytes)
  let heldLength = 0
  let isHolding = true

  function keep(bytes: Uint8Array): void {
    const part = bytes.subarray(0, capBytes - length)
    kept.set(part, length)
    length += part.length
  }

  function letGo(): void {
    keep(held.subarray(0, heldLength))
    heldLength = 0
    isHolding = false
  }

  function hold(byte: number): void {
    held[heldLength] = byte
    heldLength++
    const isStrange = heldLength <= progressStart.length && byte !== progressStart[heldLength - 1]
    if (isStrange || heldLength === held.length) letGo()
  }

  /** @returns whether the held line was one of progress, which is then gone */
  function tellProgress(): boolean {
    if (heldLength <= progressStart.length) return false
    const text = new TextDecoder().decode(held.subarray(progressStart.length, heldLength)).trim()
    if (!/^(0|1|0?\.\d+|0\.|1\.0*)$/.test(text)) return false
    heldLength = 0
    onProgress(Number(text))
    return true
  }

  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (!isHolding) {
          const end = bytes.indexOf(newline, at)
          const next = end < 0 ? bytes.length : end + 1
          keep(bytes.subarray(at, next))
          isHolding = end >= 0
          at = next
        } else if (bytes[at] !== newline) hold(bytes[at++] as number)
        else {
          if (!tellProgress()) {
            letGo()
            keep(bytes.subarray(at, at + 1))
          }
          isHolding = true
          at++
        }
      }
    },
    take() {
      if (!tellProgress()) letGo()
      isHolding = true
      return new TextDecoder().decode(kept.subarray(0, length))
    },
  }
}

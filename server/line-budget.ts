/** So many lines in one second: more would only bury each other, and fill a disk. */
export const linesPerSecond = 20

/** Says for which lines of a log there is room, and how many there was none for. */
export function createLineBudget(now: () => number) {
  let second = Number.NaN
  let used = 0
  let leftOut = 0
  return {
    /** @returns how many lines were left out before this one; undefined where this one is left out too */
    take(): number | undefined {
      const current = Math.floor(now() / 1000)
      if (current !== second) {
        second = current
        used = 0
      }
      if (used >= linesPerSecond) {
        leftOut++
        return undefined
      }
      used++
      const before = leftOut
      leftOut = 0
      return before
    },
  }
}

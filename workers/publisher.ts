/** Progress is told at most 4 times a second. */
const shortestGapMs = 250

export interface Publisher<State> {
  subscribe(listener: (state: State) => void): () => void
  /** Tells the listeners soon, or `now` what a person just asked for. */
  publish(when?: 'now'): void
  /** Resolves as soon as `condition` holds after a publish, or already does. */
  until(condition: () => boolean): Promise<void>
  close(): void
}

/** Tells many changes as few: the first at once, the rest together when the gap is over. */
export function createPublisher<State>(read: () => State): Publisher<State> {
  const listeners = new Set<(state: State) => void>()
  const waiting = new Set<() => void>()
  let toldAtMs = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  function tell(): void {
    clearTimeout(timer)
    timer = undefined
    toldAtMs = performance.now()
    const state = read()
    for (const listener of listeners) listener(state)
  }

  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    publish(when) {
      for (const check of waiting) check()
      const gapMs = when === 'now' ? 0 : toldAtMs + shortestGapMs - performance.now()
      if (gapMs <= 0) tell()
      else timer ??= setTimeout(tell, gapMs)
    },
    until(condition) {
      return new Promise(resolve => {
        const check = () => {
          if (!condition()) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      })
    },
    close() {
      clearTimeout(timer)
      listeners.clear()
    },
  }
}

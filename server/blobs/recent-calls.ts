/** Calls whose results are kept. More than anybody has in a few minutes: then those that ended longest ago go. */
const most = 1000

interface Call<T> {
  readonly result: Promise<T>
  endedAt: number | undefined
}

/**
 * Lets a request that is repeated find the call that the first one began: it still runs, or has ended a moment ago. A
 * client whose proxy loses patience so gets its answer the next time, and the work is done once. Failures are forgotten.
 *
 * @param keptMs how long a result stays
 */
export function createRecentCalls<T>({ now, keptMs }: { now: () => number; keptMs: number }) {
  const calls = new Map<string, Call<T>>()

  function forgetOld(): void {
    for (const [key, { endedAt }] of calls)
      if (endedAt !== undefined && (now() - endedAt > keptMs || calls.size > most)) calls.delete(key)
  }

  return (key: string, act: () => Promise<T>): Promise<T> => {
    forgetOld()
    const known = calls.get(key)
    if (known !== undefined) return known.result
    const call: Call<T> = { result: act(), endedAt: undefined }
    calls.set(key, call)
    call.result.then(
      () => {
        call.endedAt = now()
      },
      () => calls.delete(key),
    )
    return call.result
  }
}

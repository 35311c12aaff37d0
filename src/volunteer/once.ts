/** Loads once and shares the promise; a failure is not kept, so that the next call tries again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined
  return () => {
    pending ??= load().catch((cause: unknown) => {
      pending = undefined
      throw cause
    })
    return pending
  }
}

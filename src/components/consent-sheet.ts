import { useSyncExternalStore } from 'react'

/** `never`: not asked for since the page was opened, so that its code is not needed yet. */
type SheetState = 'never' | 'open' | 'closed'

const listeners = new Set<() => void>()
let current: SheetState = 'never'

export function setConsentSheet(next: 'open' | 'closed'): void {
  current = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useConsentSheet = (): SheetState => useSyncExternalStore(subscribe, () => current)

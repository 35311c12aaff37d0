import { type Preferences, parsePreferences } from './schema.ts'

const key = 'tidemill.preferences'
const listeners = new Set<() => void>()
let current = read()

function read(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(key) ?? undefined)
  } catch {
    // Storage is closed to this page: choices live as long as the tab.
    return parsePreferences(undefined)
  }
}

function changed(next: Preferences): void {
  current = next
  for (const listener of listeners) listener()
}

export const getPreferences = (): Preferences => current

export function setPreferences(change: Partial<Preferences>): void {
  const next = { ...current, ...change }
  try {
    localStorage.setItem(key, JSON.stringify(next))
  } catch (cause) {
    console.warn('Choices cannot be kept: storage is closed to this page.', cause)
  }
  changed(next)
}

export function subscribePreferences(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

// Another tab of this browser chose.
window.addEventListener('storage', event => {
  if (event.key === key) changed(read())
})

import { useSyncExternalStore } from 'react'
import { getPreferences, subscribePreferences } from './preferences.ts'
import type { Preferences } from './schema.ts'

export const usePreferences = (): Preferences => useSyncExternalStore(subscribePreferences, getPreferences)

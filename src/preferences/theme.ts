import { getPreferences, subscribePreferences } from './preferences.ts'
import type { Preferences } from './schema.ts'

/** Without the attribute the style sheet follows the system. */
function applyTheme(theme: Preferences['theme']): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function followTheme(): void {
  applyTheme(getPreferences().theme)
  subscribePreferences(() => applyTheme(getPreferences().theme))
}

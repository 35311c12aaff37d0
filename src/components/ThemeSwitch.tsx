import { useMessages } from '../messages/use-messages.ts'
import { setPreferences } from '../preferences/preferences.ts'
import { usePreferences } from '../preferences/use-preferences.ts'

const next = { auto: 'light', light: 'dark', dark: 'auto' } as const
/** A sun, a moon, and a disc of both for what follows the system. */
const icons = {
  auto: 'M12 3.500a8.500 8.500 0 1 0 0 17a8.500 8.500 0 0 0 0-17z',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.500M12 19.500V22M2 12h2.500M19.500 12H22M5 5l1.700 1.700M17.300 17.300 19 19M5 19l1.700-1.700M17.300 6.700 19 5',
  dark: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
} as const

export function ThemeSwitch() {
  const { t } = useMessages()
  const { theme } = usePreferences()
  const label = t.theme.label(t.theme[theme])
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => setPreferences({ theme: next[theme] })}
      className="grid size-11 place-items-center rounded-md text-soft hover:text-ink"
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" className="size-5 fill-none stroke-current" strokeWidth="1.6">
        <path d={icons[theme]} strokeLinecap="round" strokeLinejoin="round" />
        {theme === 'auto' && <path d="M12 3.500a8.500 8.500 0 0 1 0 17z" className="fill-current" />}
      </svg>
    </button>
  )
}

import { type Language, languages } from '../../protocol/kernel.ts'
import { useMessages } from '../messages/use-messages.ts'
import { setPreferences } from '../preferences/preferences.ts'

/** Each language in its own words, so that nobody has to read another to find it. */
const names: Readonly<Record<Language, string>> = { en: 'English', zh: '中文' }

export function LanguageSwitch() {
  const { t, language } = useMessages()
  return (
    <select
      aria-label={t.switchLanguage}
      value={language}
      onChange={event => setPreferences({ language: languages.find(name => name === event.target.value) ?? 'auto' })}
      className="min-h-11 rounded-md bg-transparent px-1 text-sm text-soft hover:text-ink"
    >
      {languages.map(name => (
        <option key={name} value={name} lang={name} className="bg-paper text-ink">
          {names[name]}
        </option>
      ))}
    </select>
  )
}

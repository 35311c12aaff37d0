import { type Language, languages } from '../../protocol/kernel.ts'

/** The chosen language, else the first of the browser's that the page speaks, else English. */
export function chooseLanguage(choice: Language | 'auto', browserLanguages: readonly string[]): Language {
  if (choice !== 'auto') return choice
  for (const tag of browserLanguages) {
    const found = languages.find(language => tag.toLowerCase().split('-')[0] === language)
    if (found !== undefined) return found
  }
  return 'en'
}

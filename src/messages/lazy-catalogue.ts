import { use } from 'react'
import { type Language, languages } from '../../protocol/kernel.ts'
import { once } from '../../protocol/once.ts'
import { currentLanguage, useMessages } from './use-messages.ts'

/** Texts of a few routes, in files of their own: the first load carries none of them. */
export interface LazyCatalogue<Texts> {
  /** Fetches the texts of the chosen language. A route that waits for it shows at once. */
  load(): Promise<void>
  /** A hook. Suspends until the texts are there, as after a change of the language. */
  useTexts(): Texts
}

/** A catalogue beside the page's own: one loader a language, each a dynamic import. */
export function lazyCatalogue<Texts>(loaders: Readonly<Record<Language, () => Promise<Texts>>>): LazyCatalogue<Texts> {
  const loaded = new Map<Language, Texts>()
  const loads = new Map(
    languages.map(language => [
      language,
      once(async () => {
        const texts = await loaders[language]()
        loaded.set(language, texts)
        return texts
      }),
    ]),
  )
  const loadOf = (language: Language): Promise<Texts> => (loads.get(language) ?? loaders[language])()
  return {
    async load() {
      await loadOf(currentLanguage())
    },
    useTexts() {
      const { language } = useMessages()
      return loaded.get(language) ?? use(loadOf(language))
    },
  }
}

import { useSyncExternalStore } from 'react'
import type { Language } from '../../protocol/kernel.ts'
import { createFormat, type Format } from '../format.ts'
import { getPreferences, subscribePreferences } from '../preferences/preferences.ts'
import type { Messages } from './en.ts'
import { chooseLanguage } from './language.ts'

interface Catalogue {
  readonly language: Language
  readonly t: Messages
  readonly format: Format
}

// A catalogue is fetched when its language is chosen: nobody loads two.
const loaders: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).en,
  zh: async () => (await import('./zh.ts')).zh,
}

const listeners = new Set<() => void>()
let current: Catalogue | undefined
let wanted: Language | undefined

async function load(): Promise<void> {
  const language = chooseLanguage(getPreferences().language, navigator.languages)
  if (language === wanted) return
  wanted = language
  const t = await loaders[language]()
  // Somebody who changes the language twice gets the last choice, whichever file arrives last.
  if (language !== wanted) return
  current = { language, t, format: createFormat(language) }
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language
  for (const listener of listeners) listener()
}

/** Loads the catalogue of the chosen language, and of every language chosen later. Awaited before the first paint. */
export async function followLanguage(): Promise<void> {
  subscribePreferences(() => {
    load().catch((cause: unknown) => {
      wanted = current?.language
      console.error('The texts of the chosen language could not be loaded.', cause)
    })
  })
  await load()
}

function getCatalogue(): Catalogue {
  if (current === undefined) throw new Error('Messages are read before followLanguage() has loaded them.')
  return current
}

/** The language that the page speaks now. */
export const currentLanguage = (): Language => getCatalogue().language

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Texts (`t`), number formats and the language itself. */
export const useMessages = (): Catalogue => useSyncExternalStore(subscribe, getCatalogue)

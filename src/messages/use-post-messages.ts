import { use } from 'react'
import type { Language } from '../../protocol/kernel.ts'
import { once } from '../../protocol/once.ts'
import type { PostMessages } from './post-en.ts'
import { useMessages } from './use-messages.ts'

// Apart from the catalogue of the whole page: only who posts reads them, so only who posts fetches them.
const loaders: Readonly<Record<Language, () => Promise<PostMessages>>> = {
  en: once(async () => (await import('./post-en.ts')).postEn),
  zh: once(async () => (await import('./post-zh.ts')).postZh),
}

/** Texts of the page that posts jobs. Suspends until they are there. */
export const usePostMessages = (): PostMessages => use(loaders[useMessages().language]())

import { lazyCatalogue } from './lazy-catalogue.ts'
import type { PostMessages } from './post-en.ts'

/** Texts of the page that posts jobs. */
export const { load: loadPostMessages, useTexts: usePostMessages } = lazyCatalogue<PostMessages>({
  en: async () => (await import('./post-en.ts')).postEn,
  zh: async () => (await import('./post-zh.ts')).postZh,
})

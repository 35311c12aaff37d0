import type { JobMessages } from './job-en.ts'
import { lazyCatalogue } from './lazy-catalogue.ts'

/** Texts about posted jobs, for the routes that show them at length. */
export const { load: loadJobMessages, useTexts: useJobMessages } = lazyCatalogue<JobMessages>({
  en: async () => (await import('./job-en.ts')).jobEn,
  zh: async () => (await import('./job-zh.ts')).jobZh,
})

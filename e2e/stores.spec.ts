import { test as base, expect } from '@playwright/test'
import { createServer } from 'vite'
import { storeContract } from '../workers/testing/store-contract.ts'

// The stores' own modules, served as they stand: OPFS and IndexedDB exist in a browser only.
const test = base.extend<object, { origin: string }>({
  origin: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from the pattern
    async ({}, use) => {
      const vite = await createServer({ configFile: false, logLevel: 'error', server: { port: 0, hmr: false } })
      await vite.listen()
      await use(vite.resolvedUrls?.local[0] ?? '')
      await vite.close()
    },
    { scope: 'worker' },
  ],
})

for (const kind of ['opfs', 'indexed-db'] as const)
  for (const [place, { promise }] of storeContract.entries())
    test(`the ${kind} store ${promise}`, async ({ page, origin }) => {
      await page.goto(`${origin}src/public/favicon.svg`)
      const complaint = await page.evaluate(
        async ([wanted, at]) => {
          const load = (path: string) => import(/* @vite-ignore */ path)
          const { storeContract: contract } = await load('/workers/testing/store-contract.ts')
          const { createOpfsStore } = await load('/workers/browser/opfs-store.ts')
          const { createIndexedDbStore } = await load('/workers/browser/indexed-db-store.ts')
          const { openDatabase } = await load('/workers/browser/database.ts')
          const store =
            wanted === 'opfs' ? await createOpfsStore('contract') : createIndexedDbStore(await openDatabase('contract'))
          return contract[at].check(store).then(
            () => '',
            (error: Error) => error.message,
          )
        },
        [kind, place] as const,
      )
      expect(complaint).toBe('')
    })

test('a browser whose private file system cannot be opened keeps its files in IndexedDB', async ({ page, origin }) => {
  await page.goto(`${origin}src/public/favicon.svg`)
  const kept = await page.evaluate(async () => {
    const load = (path: string) => import(/* @vite-ignore */ path)
    const { createBrowserStore } = await load('/workers/browser/browser-store.ts')
    const { createIndexedDbStore } = await load('/workers/browser/indexed-db-store.ts')
    const { openDatabase } = await load('/workers/browser/database.ts')
    // What Firefox's private windows do.
    navigator.storage.getDirectory = () => Promise.reject(new DOMException('', 'SecurityError'))
    await createBrowserStore(() => openDatabase('fallback')).put('name', new Uint8Array([5]))
    const found = await createIndexedDbStore(await openDatabase('fallback')).get('name')
    return found && [...found]
  })
  expect(kept).toEqual([5])
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { type SpawnedServer, spawnServer } from '../server/testing/spawn-server.ts'

export interface Tidemill {
  readonly url: string
  /** Cuts the server off, as a power cut does. */
  kill(): Promise<void>
  /** Starts it again where it was. */
  restart(): Promise<void>
}

/** Journeys on a server of their own, as a newcomer's `npm start` has it; what the browser complains of fails them. */
export const test = base.extend<{ tidemill: Tidemill; complaints: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from the pattern
  tidemill: async ({}, use) => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'tidemill-e2e-'))
    const environment = { TIDEMILL_DATA: dataFolder, DATABASE_URL: '', TIDEMILL_HOUSE_DEVICE: 'on' }
    let server: SpawnedServer = await spawnServer(environment)
    const { url } = server
    await use({
      url,
      kill: () => server.end('SIGKILL'),
      async restart() {
        server = await spawnServer({ ...environment, PORT: new URL(url).port })
      },
    })
    await server.end('SIGTERM')
    await rm(dataFolder, { recursive: true, force: true })
  },
  complaints: [
    // It needs the server so as to be asked before the server ends, and with it the page's open requests.
    async ({ page, tidemill: _ }, use) => {
      const complaints: string[] = []
      page.on('pageerror', error => complaints.push(error.message))
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
      })
      await use(complaints)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Reads the consent sheet, grants cores, and agrees. */
export async function consent(page: Page, url: string, cores: number): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Start' }).first().click()
  await page.getByRole('spinbutton', { name: 'Cores, as a number' }).fill(`${cores}`)
  await page.getByRole('button', { name: 'Agree and start' }).click()
}

export const lanes = (page: Page) => page.getByRole('progressbar', { name: /^Core \d+, progress$/ })
export const results = (page: Page) => page.getByRole('list', { name: /^Results of this device/ }).getByRole('listitem')

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type SpawnedServer, spawnServer } from '../server/testing/spawn-server.ts'

let server: SpawnedServer
let dataFolder: string

test.beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'tidemill-e2e-'))
  // The embedded PostgreSQL, the seed jobs and the house device, as a newcomer's `npm start` has them.
  server = await spawnServer({ TIDEMILL_DATA: dataFolder, DATABASE_URL: '', TIDEMILL_HOUSE_DEVICE: 'on' })
})

test.afterEach(async () => {
  await server.end('SIGTERM')
  await rm(dataFolder, { recursive: true, force: true })
})

/** Collects what the browser complains about: a blocked script, a failed request, an exception. */
function watchComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  return complaints
}

async function consent(page: Page, cores: number): Promise<void> {
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Start' }).first().click()
  await page.getByRole('spinbutton', { name: 'Cores, as a number' }).fill(`${cores}`)
  await page.getByRole('button', { name: 'Agree and start' }).click()
}

const lanes = (page: Page) => page.getByRole('progressbar', { name: /^Core \d+, progress$/ })
const results = (page: Page) => page.getByRole('list', { name: /^Results of this device/ }).getByRole('listitem')
const progressOf = async (page: Page, lane: number): Promise<number> =>
  Number(await lanes(page).nth(lane).getAttribute('aria-valuenow'))

test('a visitor consents, computes, pauses, reloads, resumes, and checks a receipt', async ({ page }) => {
  const complaints = watchComplaints(page)
  await consent(page, 2)
  await expect(page).toHaveURL(`${server.url}/compute`)
  await expect(lanes(page)).toHaveCount(2)

  await expect(results(page).filter({ hasText: 'Accepted' })).toHaveCount(3, { timeout: 90_000 })

  // A pause in the middle of a task, so that there is a checkpoint to come back to.
  await expect.poll(() => progressOf(page, 0)).toBeGreaterThan(20)
  await page.getByRole('button', { name: 'Pause' }).first().click()
  await expect(page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  await expect(lanes(page)).toHaveCount(0)

  await page.getByRole('button', { name: 'Resume' }).first().click()
  await expect(page.getByText(/resumed at \d+\s?%/).first()).toBeVisible()
  await expect(results(page).filter({ hasText: 'Accepted' }).nth(2)).toBeVisible()

  await page.getByRole('button', { name: 'Stop' }).first().click()
  await expect(lanes(page)).toHaveCount(0)

  await results(page).filter({ hasText: 'Accepted' }).first().getByRole('link').click()
  await page.getByRole('button', { name: 'Run it again here' }).click()
  await expect(page.getByText('Equal. This device computed exactly the accepted bits.')).toBeVisible({
    timeout: 60_000,
  })
  expect(complaints).toEqual([])
})

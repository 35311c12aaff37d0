import type { Page } from '@playwright/test'
import { consent, expect, lanes, results, test } from './tidemill.ts'

const progressOf = async (page: Page, lane: number): Promise<number> =>
  Number(await lanes(page).nth(lane).getAttribute('aria-valuenow'))

test('a visitor consents, computes, pauses, reloads, resumes, and checks a receipt', async ({ page, tidemill }) => {
  await page.goto(tidemill.url)
  await expect(page.getByRole('button', { name: 'Start' }).first()).toBeVisible()
  expect(page.workers(), 'nothing runs before the click').toEqual([])

  await consent(page, tidemill.url, 2)
  await expect(page).toHaveURL(`${tidemill.url}/compute`)
  await expect(lanes(page)).toHaveCount(2)
  await expect(results(page).filter({ hasText: 'Accepted' })).toHaveCount(3, { timeout: 90_000 })

  // A pause in the middle of a task, so that there is a checkpoint to come back to.
  await expect.poll(() => progressOf(page, 0)).toBeGreaterThan(20)
  await page.getByRole('button', { name: 'Pause' }).first().click()
  await expect(page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
  await expect(page.getByText('paused, goes on from here').first()).toBeVisible()

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
})

test('the server goes away: the page goes on with what it holds, and reports later', async ({
  page,
  tidemill,
  complaints,
}) => {
  await consent(page, tidemill.url, 1)
  await expect(results(page).first()).toBeVisible({ timeout: 60_000 })
  await tidemill.kill()
  await expect(page.getByText('The server does not answer.').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/computed and not yet acknowledged/).first()).toBeVisible({ timeout: 60_000 })
  const before = await results(page).count()
  await tidemill.restart()
  await expect(page.getByText(/computed and not yet acknowledged/)).toHaveCount(0, { timeout: 60_000 })
  await expect.poll(() => results(page).count(), { timeout: 30_000 }).toBeGreaterThan(before)
  // That requests to a dead server fail is what the browser is expected to complain of here.
  complaints.splice(
    0,
    complaints.length,
    ...complaints.filter(
      text => !text.includes('ERR_CONNECTION_REFUSED') && !text.includes('ERR_INCOMPLETE_CHUNKED_ENCODING'),
    ),
  )
})

test('of two tabs one computes, and either pauses it', async ({ page, tidemill, context }) => {
  await consent(page, tidemill.url, 1)
  await expect(lanes(page)).toHaveCount(1)
  const second = await context.newPage()
  await second.goto(`${tidemill.url}/compute`)
  await expect(second.getByText('Another tab of this browser computes.').first()).toBeVisible()
  await second.getByRole('button', { name: 'Pause' }).first().click()
  await expect(page.getByRole('button', { name: 'Resume' }).first()).toBeVisible()
})

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { verifyResults } from '../cli/verify/verify-results.ts'
import { createNodeVolunteer } from '../workers/node/node-volunteer.ts'
import { expect, test } from './tidemill.ts'

const geng = fileURLToPath(new URL('../examples/graphs/geng.wasm', import.meta.url))

/** Graphs with 8 vertices by their edges, as the native program counts them: OEIS A008406. */
const published = [
  ...[1, 1, 2, 5, 11, 24, 56, 115, 221, 402, 663, 980, 1312, 1557, 1646],
  ...[1557, 1312, 980, 663, 402, 221, 115, 56, 24, 11, 5, 2, 1, 1],
]

const next = (page: Page, step: string) => page.getByRole('button', { name: `Next: ${step}` }).click()

test('a poster drops a C program, and volunteers make its answer true', async ({ page, tidemill }) => {
  test.setTimeout(240_000)
  await page.goto(`${tidemill.url}/post`)

  await page.getByRole('radio', { name: /A WebAssembly file/ }).check()
  await page.locator('input[type=file]').setInputFiles(geng)
  await expect(page.getByText('geng.wasm can run here')).toBeVisible()
  await next(page, 'Input')

  await page.getByRole('textbox', { name: 'First number' }).fill('0')
  await page.getByRole('textbox', { name: 'Last number' }).fill('7')
  await page.getByRole('textbox', { name: 'Numbers in a task' }).fill('1')
  await page.getByLabel('Arguments, one a line').fill('-uq\n8\n{from}/8')
  await page.getByRole('radio', { name: /Nothing/ }).check()
  await expect(page.getByText('8 tasks')).toBeVisible()
  await expect(page.getByText('program -uq 8 0/8')).toBeVisible()
  await next(page, 'Try it')

  await page.getByRole('button', { name: 'Try it here' }).click()
  await expect(page.getByText('Done', { exact: true })).toHaveCount(3)
  await page.getByRole('button', { name: 'Send it and check' }).click()
  await expect(page.getByText('Reproducible', { exact: true })).toBeVisible({ timeout: 60_000 })
  await next(page, 'Trust and price')

  await page.getByRole('radio', { name: '1 in 10', exact: false }).first().check()
  await page.getByRole('radio', { name: /Sum/ }).check()
  await next(page, 'Review')
  await page.getByRole('textbox', { name: 'Title' }).fill('Graphs with 8 vertices')
  await page.getByRole('button', { name: 'Post the job' }).click()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  await expect(page.getByRole('heading', { name: 'Graphs with 8 vertices' })).toBeVisible()
  const jobUrl = page.url()

  const volunteers = [1, 2].map(() => createNodeVolunteer({ serverUrl: tidemill.url }))
  await Promise.all(volunteers.map(volunteer => volunteer.start({ cores: 1, cpuPercent: 100 })))
  await page.getByRole('link', { name: 'Compute', exact: true }).click()
  await page.getByRole('button', { name: 'Start' }).first().click()
  await page.getByRole('spinbutton', { name: 'Cores, as a number' }).fill('1')
  await page.getByRole('button', { name: 'Agree and start' }).click()
  await expect(page.getByText(/Graphs with 8 vertices/).first()).toBeVisible({ timeout: 60_000 })

  // A reload would stop this page's lanes, and keep the tasks that they hold from everybody until their leases end.
  await page.goBack()
  await expect(page).toHaveURL(jobUrl)
  await expect(page.getByText('Finished: every task has its verdict.')).toBeVisible({ timeout: 150_000 })
  await expect(page.getByRole('link', { name: 'Download the merged answer' })).toBeVisible({ timeout: 30_000 })
  await Promise.all(volunteers.map(volunteer => volunteer.stop()))
  for (const volunteer of volunteers) volunteer.close()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download all as files (.zip)' }).click(),
  ])
  const report = await verifyResults(await download.path())
  expect(report).toMatchObject({ isWhole: true })
  const [merged] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the merged answer' }).click(),
  ])
  const answer = await readFile(await merged.path(), 'utf8')
  expect(answer.trimEnd().split('\n').map(Number)).toEqual(published)
})

import { expect, test } from './tidemill.ts'

const routes = [
  '/',
  '/compute',
  '/projects',
  '/projects/1',
  '/projects/2',
  '/jobs',
  '/jobs/1',
  '/verify',
  '/verify/1-0',
  '/network',
  '/nowhere',
]

for (const width of [360, 1280])
  for (const colorScheme of ['light', 'dark'] as const)
    test(`every page fits ${width} px and complains of nothing, ${colorScheme}`, async ({ page, tidemill }) => {
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme })
      for (const route of routes) {
        await page.goto(tidemill.url + route)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        expect(overflow, `${route} is wider than the window`).toBeLessThanOrEqual(0)
      }
    })

test('a project offers its kernel and its results for download', async ({ page, tidemill }) => {
  await page.goto(`${tidemill.url}/projects`)
  await page.getByRole('link', { name: /3n\+1/ }).first().click()
  await expect(page).toHaveURL(/\/projects\/\d+$/)
  for (const name of [/CSV/, /JSON/]) {
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name }).first().click()
    expect((await download).suggestedFilename()).toMatch(/^job-\d+-results\.(csv|json)$/)
  }
})

test('the keyboard alone reaches Start, reads the sheet and leaves it', async ({ page, tidemill }) => {
  await page.goto(tidemill.url)
  const start = page.getByRole('button', { name: 'Start' }).first()
  for (let press = 0; press < 20 && !(await start.evaluate(button => button === document.activeElement)); press++)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(start).toBeFocused()
})

test('Chinese is complete from the first screen, and remembered', async ({ page, tidemill }) => {
  await page.goto(tidemill.url)
  await page.getByRole('combobox').first().selectOption({ label: '中文' })
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/)
  await expect(page.getByRole('button', { name: 'Start' })).toHaveCount(0)
})

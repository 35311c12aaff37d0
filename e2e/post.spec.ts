import type { Page } from '@playwright/test'
import { expect, test } from './tidemill.ts'

const wasm = (name: string, bytes: Uint8Array) => ({ name, mimeType: 'application/wasm', buffer: Buffer.from(bytes) })

/** A module that asks for a function that no host has: (module (import "env" "steal" (func))). */
const greedy = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x02, 0x0d, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x05, 0x73, 0x74, 0x65, 0x61, 0x6c, 0x00, 0x00],
])

async function writeProgram(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/post`)
  await page.getByRole('radio', { name: /Write one here/ }).check()
  await expect(page.getByRole('textbox', { name: 'Program in AssemblyScript' })).toBeVisible()
}

async function compile(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Compile' }).click()
  await expect(page.getByText('kernel.wasm can run here')).toBeVisible({ timeout: 60_000 })
}

test('a module that no device would run is refused in a sentence, before anything is sent', async ({
  page,
  tidemill,
}) => {
  const sent: string[] = []
  page.on('request', request => {
    if (request.method() !== 'GET') sent.push(request.url())
  })
  await page.goto(`${tidemill.url}/post`)
  await page.getByRole('radio', { name: /A WebAssembly file/ }).check()
  const choose = page.getByLabel('Choose a .wasm file')
  await choose.setInputFiles(wasm('greedy.wasm', greedy))
  await expect(page.getByRole('alert')).toContainText('greedy.wasm cannot run on Tidemill.')
  await expect(page.getByRole('alert')).toContainText('steal')
  await choose.setInputFiles(wasm('notes.wasm', new TextEncoder().encode('no module at all')))
  await expect(page.getByRole('alert')).toContainText('notes.wasm cannot run on Tidemill.')
  await expect(page.getByRole('button', { name: 'Next: Input' })).toBeDisabled()
  expect(sent).toEqual([])
})

test('a program is written, compiled and tried in the page; the draft survives a reload', async ({
  page,
  tidemill,
}) => {
  await writeProgram(page, tidemill.url)
  await compile(page)
  await page.getByRole('button', { name: 'Next: Input' }).click()
  await expect(page.getByRole('heading', { name: /Input/ })).toBeFocused()
  await page.getByLabel('Last number').fill('1000')
  await page.getByLabel('Numbers in a task').fill('100')
  await expect(page.getByRole('heading', { name: '10 tasks' })).toBeVisible()

  await page.reload()
  await expect(page.getByLabel('Last number')).toHaveValue('1000')
  await expect(page.getByRole('heading', { name: '10 tasks' })).toBeVisible()

  await page.getByRole('button', { name: 'Next: Try it' }).click()
  await page.getByRole('button', { name: 'Try it here' }).click()
  // Primes of 1 to 100, 501 to 600 and 901 to 1000.
  const outputs = page.getByRole('figure', { name: /^Output/ }).locator('pre')
  await expect(outputs).toHaveText(['25', '14', '14'])
})

test('what the compiler does not take is named with its place', async ({ page, tidemill }) => {
  await writeProgram(page, tidemill.url)
  const editor = page.getByRole('textbox', { name: 'Program in AssemblyScript' })
  await editor.press('Control+a')
  await editor.pressSequentially('export function f(): i32 {\nreturn nothing')
  await page.getByRole('button', { name: 'Compile' }).click()
  await expect(
    page
      .getByRole('alert')
      .getByRole('button', { name: /^Line \d+, column \d+/ })
      .first(),
  ).toBeVisible({
    timeout: 60_000,
  })
  await expect(page.getByRole('button', { name: 'Next: Input' })).toBeDisabled()
})

test('the server’s check says that it is reproducible, and a double click posts one job', async ({
  page,
  tidemill,
}) => {
  await writeProgram(page, tidemill.url)
  await compile(page)
  await page.getByRole('button', { name: 'Next: Input' }).click()
  await page.getByRole('button', { name: 'Next: Try it' }).click()
  await page.getByRole('button', { name: 'Send it and check' }).click()
  await expect(page.getByText('Reproducible', { exact: true })).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Next: Trust and price' }).click()
  await page.getByRole('button', { name: 'Next: Review' }).click()
  await page.getByLabel('Title').fill('Primes below ten million')
  const posts: string[] = []
  page.on('request', request => {
    if (request.method() === 'POST' && request.url().endsWith('/api/jobs')) posts.push(request.url())
  })
  await page.getByRole('button', { name: 'Post the job' }).dblclick()
  await expect(page).toHaveURL(/\/jobs\/\d+$/)
  expect(posts).toHaveLength(1)
  await page.goto(`${tidemill.url}/post`)
  await expect(page.getByText('This draft has become a job.')).toBeVisible()
})

for (const width of [360, 1280])
  test(`every step fits ${width} px`, async ({ page, tidemill }) => {
    await page.setViewportSize({ width, height: 800 })
    const fits = async (what: string) => {
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect(overflow, what).toBeLessThanOrEqual(0)
    }
    await writeProgram(page, tidemill.url)
    await fits('the editor')
    await compile(page)
    await fits('what a module is')
    await page.getByRole('button', { name: 'Next: Input' }).click()
    for (const way of [/Lines of a file/, /Many files/, /A grid of values/]) {
      await page.getByRole('radio', { name: way }).check()
      await fits(`input: ${way.source}`)
    }
    await page.getByRole('radio', { name: /A range of numbers/ }).check()
    await page.getByRole('button', { name: 'Next: Try it' }).click()
    await fits('the try')
  })

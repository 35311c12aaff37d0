import { createApiClient } from '../protocol/client.ts'
import { exchangeWork } from '../protocol/exchange-work.ts'
import { decodeWorkResponse } from '../protocol/work-codec.ts'
import { createMemoryKeyStore } from '../workers/device-key.ts'
import { createSession } from '../workers/session.ts'
import { consent, expect, lanes, test } from './tidemill.ts'

const isReturn = (url: string) => url.endsWith('/api/leases/return')

test('Stop gives the leases back: another device gets the task', async ({ page, tidemill }) => {
  const work = page.waitForResponse(response => response.url().endsWith('/api/work'))
  await consent(page, tidemill.url, 1)
  const first = decodeWorkResponse(await (await work).body()).leases[0]
  await expect(lanes(page)).toHaveCount(1)
  const returned = page.waitForResponse(response => isReturn(response.url()))
  await page.getByRole('button', { name: 'Stop' }).first().click()
  expect((await returned).status()).toBe(204)

  const api = createApiClient(tidemill.url)
  const { token } = await createSession(api, createMemoryKeyStore()).open()
  const ask = { requestId: crypto.randomUUID(), seconds: 0, lanes: 8, finished: [] }
  const { leases } = await exchangeWork(api, ask, { token })
  expect(leases.map(({ taskId }) => taskId)).toContain(first?.taskId)
})

test('a tab that starts again while it still gives leases back keeps the lock', async ({ page, tidemill, context }) => {
  await consent(page, tidemill.url, 1)
  await expect(lanes(page)).toHaveCount(1)
  const { promise: mayGo, resolve: letGo } = Promise.withResolvers<void>()
  const isHeld = page.waitForRequest(request => isReturn(request.url()))
  await context.route(
    url => isReturn(url.pathname),
    async route => {
      await mayGo
      await route.continue()
    },
  )
  await page.getByRole('button', { name: 'Stop' }).first().click()
  await isHeld
  await page.getByRole('button', { name: 'Resume' }).first().click()
  await expect(lanes(page)).toHaveCount(1)
  const returned = page.waitForResponse(response => isReturn(response.url()))
  letGo()
  await returned
  const second = await context.newPage()
  await second.goto(`${tidemill.url}/compute`)
  await expect(second.getByText('Another tab of this browser computes.').first()).toBeVisible()
})

test('a computing tab is closed: another takes up what it left', async ({ page, tidemill, context }) => {
  await consent(page, tidemill.url, 1)
  await expect(lanes(page)).toHaveCount(1)
  const second = await context.newPage()
  await second.goto(`${tidemill.url}/compute`)
  await expect(second.getByText('Another tab of this browser computes.').first()).toBeVisible()
  await page.close()
  await second.getByRole('button', { name: 'Resume' }).first().click()
  await expect(lanes(second)).toHaveCount(1)
})

test('a tab that turns out to be unable lets another start', async ({ page, tidemill, context }) => {
  // Something on the way to this tab gives it a sandbox that does nothing.
  await page.route('**/sandbox', route => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }))
  await consent(page, tidemill.url, 1)
  await expect(page.getByText('the sandbox in this page does not answer').first()).toBeVisible({ timeout: 20_000 })
  const second = await context.newPage()
  await second.goto(`${tidemill.url}/compute`)
  await second.getByRole('button', { name: 'Resume' }).first().click()
  await expect(lanes(second)).toHaveCount(1)
})

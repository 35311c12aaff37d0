import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { assembleKernel, countingKernel, countTo, sumTo } from '../workers/testing/assemble.ts'
import { abortRerun, openConductor, rerun } from './conductor-page.ts'
import { expect, test } from './tidemill.ts'

const endless = { ...countingKernel, step: 'export function step(budget: i32): i32 { while (true) {} }' }
const sumBytes = (end: number) => [...new Uint8Array(new BigUint64Array([sumTo(end)]).buffer)]

/** Tries every way out, and says which one led anywhere. Runs where a runner does, with all that a runner has. */
const escapes = (outside: string) => `
  const tries = {
    fetch: () => fetch('${outside}/fetch', { mode: 'no-cors' }),
    request: () => new Promise((resolve, reject) => {
      const request = new XMLHttpRequest()
      request.onload = resolve
      request.onerror = reject
      request.open('GET', '${outside}/request')
      request.send()
    }),
    socket: () => new Promise((resolve, reject) => {
      const socket = new WebSocket('${outside}/socket'.replace('http', 'ws'))
      socket.onopen = resolve
      socket.onerror = reject
    }),
    events: () => new Promise((resolve, reject) => {
      const events = new EventSource('${outside}/events')
      events.onopen = resolve
      events.onerror = reject
    }),
    beacon: () => navigator.sendBeacon('${outside}/beacon') || Promise.reject(),
    module: () => import('${outside}/module'),
    dataModule: () => import('data:text/javascript,export const one = 1'),
    scripts: () => importScripts('${outside}/scripts'),
    worker: () => new Promise((resolve, reject) => {
      const worker = new Worker('${outside}/worker')
      worker.onmessage = resolve
      worker.onerror = reject
    }),
    code: () => new Function('return 1')(),
    database: () => new Promise((resolve, reject) => {
      const request = indexedDB.open('any')
      request.onsuccess = resolve
      request.onerror = reject
    }),
    cache: () => caches.open('any'),
    files: () => navigator.storage.getDirectory(),
    locks: () => navigator.locks.request('any', () => {}),
    // The one thing that must work.
    kernel: () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  }
  onmessage = async ({ ports: [port] }) => {
    const open = []
    for (const [name, attempt] of Object.entries(tries)) {
      try {
        if (await attempt()) open.push(name)
      } catch {}
    }
    port.postMessage({ open, origin: self.origin })
  }
`

/** Opens the page's own frame, gives it any script for its runners, and starts one. */
function runInFrame(page: Page, text: string): Promise<unknown> {
  return page.evaluate(async source => {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.src = '/sandbox'
    document.body.append(frame)
    await new Promise(resolve => frame.addEventListener('load', resolve))
    const way = new MessageChannel()
    frame.contentWindow?.postMessage(undefined, '*', [way.port2])
    way.port1.postMessage({ kind: 'source', text: source })
    const runner = new MessageChannel()
    const answer = new Promise(resolve => {
      runner.port1.onmessage = ({ data }) => resolve(data)
      way.port1.onmessage = ({ data }) => data.kind === 'died' && resolve(data)
    })
    way.port1.postMessage({ kind: 'spawn', id: 1 }, [runner.port2])
    return answer
  }, text)
}

test('from inside a runner there is no way out', async ({ page, tidemill, complaints }) => {
  const asked: (string | undefined)[] = []
  const outside = createServer((request, response) => {
    asked.push(request.url)
    response.setHeader('content-type', 'text/javascript').setHeader('access-control-allow-origin', '*')
    response.end('postMessage(1)')
  })
  outside.on('upgrade', ({ url }, socket) => {
    asked.push(url)
    socket.destroy()
  })
  await new Promise<void>(resolve => outside.listen(0, '127.0.0.1', resolve))
  const { port } = outside.address() as AddressInfo
  await page.goto(`${tidemill.url}/projects`)
  for (const target of [`http://127.0.0.1:${port}`, tidemill.url])
    expect(await runInFrame(page, escapes(target))).toEqual({ open: ['kernel'], origin: 'null' })
  expect(asked).toEqual([])
  // The browser says each time what it refused.
  const isRefusal = (text: string) => /Content Security Policy|Failed to fetch|access to/i.test(text)
  expect(complaints.splice(0).filter(text => !isRefusal(text))).toEqual([])

  // The same script anywhere else shows that it would have found the ways.
  await page.goto(`http://127.0.0.1:${port}`)
  const found = await page.evaluate(
    async text => {
      const worker = new Worker(URL.createObjectURL(new Blob([text])))
      const { port1, port2 } = new MessageChannel()
      worker.postMessage(undefined, [port2])
      return new Promise(resolve => {
        port1.onmessage = ({ data }) => resolve(data.open)
      })
    },
    escapes(`http://127.0.0.1:${port}`),
  )
  expect(found).toEqual(
    expect.arrayContaining(['fetch', 'request', 'dataModule', 'code', 'database', 'cache', 'files']),
  )
  expect(asked).toEqual(expect.arrayContaining(['/fetch', '/request', '/socket', '/events', '/module', '/scripts']))
  outside.close().closeAllConnections()
  complaints.splice(0)
})

test('the frame is served to this page alone', async ({ page, tidemill, complaints }) => {
  const foreign = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(`<iframe src="${tidemill.url}/sandbox"></iframe>`)
  })
  await new Promise<void>(resolve => foreign.listen(0, '127.0.0.1', resolve))
  await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}`)
  await expect.poll(() => complaints.splice(0).join()).toMatch(/frame-ancestors/)
  foreign.close().closeAllConnections()
})

test('a kernel runs in the frame, which nobody sees', async ({ page, tidemill }) => {
  await openConductor(page, tidemill.url)
  await expect(page.locator('iframe')).toHaveCount(0)
  const kernel = await assembleKernel(countingKernel)
  for (const end of [1000, 100_000])
    expect(await rerun(page, kernel, countTo(end))).toMatchObject({ kind: 'done', output: sumBytes(end) })
  await expect(page.locator('iframe[aria-hidden=true][tabindex="-1"][inert]')).toHaveCount(1)
  expect(await page.locator('iframe').boundingBox()).toMatchObject({ width: 1, height: 1 })
})

test('an endless loop is ended, and page and frame go on', async ({ page, tidemill }) => {
  await openConductor(page, tidemill.url)
  const looping = rerun(page, await assembleKernel(endless), countTo(1))
  await expect(page.locator('iframe')).toHaveCount(1)
  // The page answers while the loop goes on, and the loop ends when it is told to.
  expect(await page.evaluate(() => document.title)).toMatch(/Tidemill/)
  await abortRerun(page)
  expect(await looping).toEqual({ kind: 'aborted' })
  const stalled = await rerun(page, await assembleKernel(endless), countTo(1))
  expect(stalled).toMatchObject({ kind: 'failed', reason: 'The kernel stalled: one of its calls did not end.' })
  expect((await rerun(page, await assembleKernel(countingKernel), countTo(10))).output).toEqual(sumBytes(10))
  await expect(page.locator('iframe')).toHaveCount(1)
})

test('a frame that is gone ends its runs with a sentence, and the next run gets another', async ({
  page,
  tidemill,
}) => {
  await openConductor(page, tidemill.url)
  const kernel = await assembleKernel(countingKernel)
  expect((await rerun(page, kernel, countTo(10))).kind).toBe('done')
  const looping = rerun(page, await assembleKernel(endless), countTo(1))
  await page.evaluate(() => document.querySelector('iframe')?.remove())
  expect(await looping).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/sandbox .* does not answer/) })
  expect((await rerun(page, kernel, countTo(10))).output).toEqual(sumBytes(10))
})

test('the first load asks for nothing of the sandbox', async ({ page, tidemill }) => {
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname))
  await page.goto(tidemill.url, { waitUntil: 'networkidle' })
  expect(asked.filter(path => /sandbox|runner|conductor/.test(path))).toEqual([])
  expect(asked).toContain('/')
})

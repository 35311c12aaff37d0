import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'

const assets = fileURLToPath(new URL('../dist/page/assets', import.meta.url))
const comlink = fileURLToPath(new URL('../node_modules/comlink/dist/esm/comlink.mjs', import.meta.url))

function assetPath(name: string): string {
  const file = readdirSync(assets).find(found => found.startsWith(`${name}-`) && found.endsWith('.js'))
  if (file === undefined) throw new Error(`The build has no ${name}. Run npm run build.`)
  return `/assets/${file}`
}

/** What a run of a module came to, in what crosses from the page. */
export interface PageRun {
  readonly kind: string
  readonly output?: readonly number[]
  readonly reason?: string
}

/** Opens a page of the server, and in it the workers as the built page starts them. */
export async function openConductor(page: Page, url: string): Promise<void> {
  await page.route('**/comlink.mjs', async route =>
    route.fulfill({ contentType: 'text/javascript', body: await readFile(comlink) }),
  )
  await page.goto(`${url}/projects`)
  const paths = { conductor: assetPath('conductor'), frame: assetPath('sandbox-frame') }
  await page.evaluate(async ({ conductor, frame }) => {
    const { proxy, transfer, wrap } = await import('/comlink.mjs' as string)
    const { openSandboxFrame } = await import(frame)
    const remote = wrap(new Worker(conductor, { type: 'module' }))
    const open = async () => {
      const port = await openSandboxFrame()
      return transfer(port, [port])
    }
    await remote.provideFrames(proxy(open))
    Object.assign(window, { conductor: remote, onProgress: proxy(() => {}) })
  }, paths)
}

/** Runs a module in the page, outside of any work. */
export function rerun(page: Page, kernel: Uint8Array, input: Uint8Array): Promise<PageRun> {
  return page.evaluate(
    async ({ kernel, input }) => {
      const bytes = (text: string) => Uint8Array.from(atob(text), character => character.charCodeAt(0))
      const { conductor, onProgress } = window as never as {
        conductor: { rerun(task: object, onProgress: unknown): Promise<{ kind: string; output?: Uint8Array }> }
        onProgress: unknown
      }
      const task = {
        kernel: { kind: 'bytes', bytes: bytes(kernel) },
        kernelId: 'program',
        input: { kind: 'bytes', bytes: bytes(input) },
        ...{ memoryCapBytes: 256 << 20, outputCapBytes: 1 << 20, timeCapMs: 60_000 },
      }
      const { output, ...end } = await conductor.rerun(task, onProgress)
      return { ...end, ...(output && { output: [...output] }) }
    },
    { kernel: standard(kernel), input: standard(input) },
  )
}

export const abortRerun = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { conductor } = window as never as { conductor: { abortRerun(): Promise<void> } }
    await conductor.abortRerun()
  })

const standard = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

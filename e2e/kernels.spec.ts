import { expect, type Page, test } from '@playwright/test'
import { toHex } from '../protocol/bytes.ts'
import { climateEbm } from '../wasm/climate-ebm/descriptor.ts'
import { collatzRecords } from '../wasm/collatz-records/descriptor.ts'
import { kernels } from '../wasm/kernels.ts'
import { publishedChecks } from '../wasm/published.ts'
import { builtModule, loadKernel } from '../wasm/testing.ts'

/** Runs in the page, so it holds all that it needs. */
async function runInPage({ module, input }: { module: string; input: string }): Promise<string> {
  const decode = (text: string) => Uint8Array.from(atob(text), character => character.charCodeAt(0))
  const { instance } = await WebAssembly.instantiate(decode(module), {})
  const { memory, alloc, start, step, output } = instance.exports as unknown as {
    memory: WebAssembly.Memory
    alloc(size: number): number
    start(pointer: number, length: number): number
    step(budget: number): number
    output(): bigint
  }
  const bytes = decode(input)
  const at = alloc(bytes.length) >>> 0
  new Uint8Array(memory.buffer).set(bytes, at)
  const refusal = start(at, bytes.length)
  if (refusal !== 0) throw new Error(`refused: ${refusal}`)
  for (let state = 1; state === 1; ) {
    state = step(16)
    if (state < 0) throw new Error(`failed: ${state}`)
  }
  const region = output()
  const pointer = Number(BigInt.asUintN(32, region >> 32n))
  const result = new Uint8Array(memory.buffer, pointer, Number(BigInt.asUintN(32, region)))
  return btoa(Array.from(result, byte => String.fromCharCode(byte)).join(''))
}

const standard = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

async function runner(page: Page, id: string): Promise<(input: Uint8Array) => Promise<Uint8Array>> {
  const module = standard(await builtModule(id))
  return async input =>
    new Uint8Array(Buffer.from(await page.evaluate(runInPage, { module, input: standard(input) }), 'base64'))
}

/** Parts of the seed jobs, from their beginning and from far inside. */
const tasks: Record<string, { parameters: unknown; index: bigint }[]> = {
  'collatz-records': [
    { parameters: { ...collatzRecords.seed, startsPerTask: 20_000_000 }, index: 0n },
    { parameters: { ...collatzRecords.seed, startsPerTask: 20_000_000 }, index: 4_000_000_000n },
  ],
  'climate-ebm': [
    { parameters: { ...climateEbm.seed, setsPerTask: 500 }, index: 0n },
    { parameters: { ...climateEbm.seed, setsPerTask: 501 }, index: 1_000_000_000n },
  ],
}

for (const id of Object.keys(kernels)) {
  test.describe(`kernel ${id} in the browser`, () => {
    test('reproduces every published value', async ({ page }) => {
      await page.goto('about:blank')
      const run = await runner(page, id)
      const checks = (await publishedChecks[id]?.((_, input) => run(input))) ?? []
      expect(checks.length).toBeGreaterThan(10)
      expect(checks.filter(({ agrees }) => !agrees)).toEqual([])
    })

    test('returns the bytes that Node returns', async ({ page }) => {
      await page.goto('about:blank')
      const run = await runner(page, id)
      const here = await loadKernel(id)
      for (const { parameters, index } of tasks[id] ?? []) {
        const input = kernels[id]?.encodeInput(parameters, index) ?? new Uint8Array()
        expect(toHex(await run(input))).toBe(toHex(here.run(input)))
      }
    })
  })
}

import { describe, expect, test } from 'vitest'
import { assembleKernel } from '../workers/testing/assemble.ts'
import { capMemory } from './cap-memory.ts'
import { inspectModule } from './inspect-module.ts'
import { buildModule, leb, memorySection } from './testing/build-module.ts'

const pages = (count: number) => count * 65536
const limits = (...bytes: number[]) => buildModule({ memory: memorySection(bytes) })

function memoryOf(module: Uint8Array<ArrayBuffer>): WebAssembly.Memory {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module))
  return exports.memory as WebAssembly.Memory
}

describe('capMemory', () => {
  test('default: a memory without a maximum has one', () => {
    const memory = memoryOf(capMemory(limits(0, 2), pages(300)))
    expect(memory.grow(298)).toBe(2)
    expect(() => memory.grow(1)).toThrow(RangeError)
  })

  test('behavior: a larger maximum is lowered', () => {
    const memory = memoryOf(capMemory(limits(1, 2, ...leb(65536)), pages(3)))
    expect(memory.grow(1)).toBe(2)
    expect(() => memory.grow(1)).toThrow(RangeError)
  })

  test('behavior: a smaller maximum is left as it is, and the module with it', () => {
    const module = limits(1, 1, 3)
    expect(capMemory(module, pages(3))).toBe(module)
  })

  test('behavior: all else stays as it is', async () => {
    const without = await assembleKernel({}, { memoryMaximumPages: 0 })
    const capped = capMemory(without, pages(16))
    const declared = await assembleKernel({}, { memoryMaximumPages: 16 })
    expect(capped).toEqual(declared)
    expect(inspectModule(capped)).toMatchObject({ kind: 'fit', memoryMaximumBytes: pages(16) })
  })

  test('behavior: twice is as once', () => {
    const capped = capMemory(limits(0, 1), pages(7))
    expect(capMemory(capped, pages(7))).toBe(capped)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureReasons } from './failure-reasons.ts'
import { inspectModule } from './inspect-module.ts'
import { assemble, assembleKernel } from './testing/assemble.ts'

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const withMemory = (...limits: number[]) => new Uint8Array([...header, 5, limits.length + 1, 1, ...limits])
const refused = (reason: string) => ({ kind: 'refused', reason })

describe('inspectModule', () => {
  test('default', async () => {
    expect(inspectModule(await assembleKernel())).toEqual({ kind: 'fit', memoryMaximumBytes: 16 * 65536 })
  })

  test('behavior: env.abort may be imported', async () => {
    const module = await assembleKernel({ step: 'export function step(budget: i32): i32 { abort(); return 0 }' })
    expect(inspectModule(module).kind).toBe('fit')
  })

  test('behavior: reads a maximum of several LEB128 bytes', () => {
    // 1 page at first, 4096 = 0x80 0x20 at most.
    expect(inspectModule(withMemory(1, 1, 0x80, 0x20))).toEqual({ kind: 'fit', memoryMaximumBytes: 256 << 20 })
  })

  test('error: a foreign import', async () => {
    const source =
      '@external("wasi", "clock") declare function clock(): i32\nexport function f(): i32 { return clock() }'
    const module = await assemble(source, ['--maximumMemory', '16'])
    expect(inspectModule(module)).toEqual(refused(failureReasons.foreignImport('wasi', 'clock')))
  })

  test('error: an imported memory', async () => {
    const module = await assembleKernel({}, { flags: ['--importMemory'] })
    expect(inspectModule(module)).toEqual(refused(failureReasons.foreignImport('env', 'memory')))
  })

  test('error: env.abort that is no function', () => {
    const abort = [3, ...Buffer.from('env'), 5, ...Buffer.from('abort')]
    const global = [1, ...abort, 3, 0x7f, 0]
    const module = new Uint8Array([...header, 2, global.length, ...global])
    expect(inspectModule(module)).toEqual(refused(failureReasons.foreignImport('env', 'abort')))
  })

  test('error: no declared memory maximum', async () => {
    const module = await assembleKernel({}, { memoryMaximumPages: 0 })
    expect(inspectModule(module)).toEqual(refused(failureReasons.noMemoryMaximum))
  })

  test('error: shared, 64-bit, or no memory', () => {
    expect(inspectModule(withMemory(3, 1, 2))).toEqual(refused(failureReasons.memoryShared))
    expect(inspectModule(withMemory(5, 1, 2))).toEqual(refused(failureReasons.memory64))
    expect(inspectModule(new Uint8Array(header))).toEqual(refused(failureReasons.noMemory))
  })

  test('error: exceptions', () => {
    const module = new Uint8Array([...header, 13, 3, 1, 0, 0])
    expect(inspectModule(module)).toEqual(refused(failureReasons.exceptions))
  })

  test('error: over 16 MB', () => {
    const module = new Uint8Array((16 << 20) + 1)
    expect(inspectModule(module)).toEqual(refused(failureReasons.moduleTooLarge(module.length, 16 << 20)))
  })

  test('error: any other bytes are refused, never thrown at', async () => {
    const whole = await assembleKernel()
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const cut = inspectModule(whole.subarray(0, at))
        const changed = whole.slice()
        changed[at] = byte
        return cut.kind === 'refused' || cut.kind === 'fit'
          ? ['fit', 'refused'].includes(inspectModule(changed).kind)
          : false
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array(), bytes => inspectModule(new Uint8Array([...header, ...bytes])).kind !== undefined),
    )
    expect(inspectModule(new Uint8Array([1, 2, 3]))).toEqual(refused(failureReasons.notWebAssembly))
  })
})

// One file above 300 lines: every refusal of a module, so that none is missed, with the module that it refuses.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { builtKernels, builtModule } from '../wasm/testing.ts'
import { assemble, assembleKernel } from '../workers/testing/assemble.ts'
import { inspectModule, tableEntries } from './inspect-module.ts'
import { kernelLimits } from './kernel.ts'
import { moduleRefusals } from './module-refusals.ts'
import { codeLimits } from './scan-function.ts'
import { buildModule, functionOf, header, leb, memorySection, nameOf, section, vector } from './testing/build-module.ts'

const refused = (reason: string) => ({ kind: 'refused', reason })
/** A command of one function with these instructions. */
const withCode = (...code: number[]) => buildModule({ functions: [functionOf(code)] })

describe('inspectModule', () => {
  test('default: a reactor', async () => {
    const module = await assembleKernel()
    expect(inspectModule(module)).toEqual({
      ...{ kind: 'fit', program: 'reactor', memoryMaximumBytes: 16 * 65536, features: [] },
      imports: [{ module: 'env', name: 'abort' }],
      exports: ['tidemill_abi', 'alloc', 'start', 'step', 'progress', 'output', 'memory'],
      ...{ moduleBytes: module.length, functions: 10 },
    })
  })

  test('default: a WASI command', () => {
    const module = buildModule({ imports: [['wasi_snapshot_preview1', 'fd_write']] })
    expect(inspectModule(module)).toEqual({
      ...{ kind: 'fit', program: 'wasi', memoryMaximumBytes: 65536, features: [], exports: ['_start', 'memory'] },
      imports: [{ module: 'wasi_snapshot_preview1', name: 'fd_write' }],
      ...{ moduleBytes: module.length, functions: 1 },
    })
  })

  test('behavior: every built kernel is fit', async () => {
    const ids = Object.keys(await builtKernels())
    expect(ids.length).toBeGreaterThan(0)
    for (const id of ids)
      expect(inspectModule(await builtModule(id)), id).toMatchObject({ kind: 'fit', program: 'reactor' })
  })

  test('behavior: env.abort may be imported', async () => {
    const module = await assembleKernel({ step: 'export function step(budget: i32): i32 { abort(); return 0 }' })
    expect(inspectModule(module)).toMatchObject({ kind: 'fit', imports: [{ module: 'env', name: 'abort' }] })
  })

  test('behavior: a memory without a maximum, or with a larger one, may grow to the cap', () => {
    const maximum = (...limits: number[]) => {
      const found = inspectModule(buildModule({ memory: memorySection(limits) }))
      return found.kind === 'fit' ? found.memoryMaximumBytes : found.reason
    }
    expect(maximum(0, 1)).toBe(kernelLimits.memoryBytes)
    expect(maximum(1, 1, ...leb(65536))).toBe(kernelLimits.memoryBytes)
    expect(maximum(1, 1, ...leb(4095))).toBe(4095 * 65536)
  })

  test('behavior: says what a module uses', async () => {
    const features = (...code: number[]) => {
      const found = inspectModule(withCode(...code))
      return found.kind === 'fit' ? found.features : found.reason
    }
    expect(features(0x41, 0, 0xfd, 0x0f, 0x1a)).toEqual(['SIMD'])
    expect(features(0xfd, 12, ...Array(16).fill(0x0b), 0x1a)).toEqual(['SIMD'])
    expect(features(0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 10, 0, 0)).toEqual(['bulk memory'])
    expect(features(0x41, 0, 0xc0, 0x1a)).toEqual(['sign extension'])
    expect(features(0x43, 0, 0, 0, 0, 0xfc, 0, 0x1a)).toEqual(['saturating conversions'])
    expect(features(0xd0, 0x6f, 0x1a)).toEqual(['reference types'])
    expect(features(0x12, 0)).toEqual(['tail calls'])
    expect(features(0x02, 0, 0x0b)).toEqual(['multi-value'])
  })

  test('behavior: operands are no instructions', () => {
    // Each number is 0xFE 0x0B or 0x06, which would be atomics or exceptions.
    const code = [0x41, 0xfe, 0x0b, 0x1a, 0x42, 0x06, 0x1a, 0x44, 6, 6, 6, 6, 0xfe, 6, 6, 6, 0x1a, 0x20, 0x06, 0x1a]
    const tables = [0x41, 0, 0x0e, 2, 0, 0, 0, 0x41, 0, 0x28, 2, 0xfe, 0x0b, 0x1a]
    expect(inspectModule(withCode(...code, ...tables))).toMatchObject({ kind: 'fit' })
  })

  test('error: a foreign import', async () => {
    const source =
      '@external("wasi", "clock") declare function clock(): i32\nexport function f(): i32 { return clock() }'
    expect(inspectModule(await assemble(source))).toEqual(refused(moduleRefusals.foreignImport('wasi', 'clock')))
    const fetching = buildModule({ imports: [['env', 'fetch']] })
    expect(inspectModule(fetching)).toEqual(refused(moduleRefusals.foreignImport('env', 'fetch')))
    const oldWasi = buildModule({ imports: [['wasi_unstable', 'fd_write']] })
    expect(inspectModule(oldWasi)).toEqual(refused(moduleRefusals.foreignImport('wasi_unstable', 'fd_write')))
  })

  test('error: a long name of an import is cut, and harmless to print', () => {
    const found = inspectModule(buildModule({ imports: [['env', `\u001b[31m\n${'x'.repeat(5000)}`]] }))
    expect(found).toMatchObject({ kind: 'refused', reason: expect.stringContaining('env.?[31m?xxx') })
    expect(found.kind === 'refused' && found.reason.length).toBeLessThan(300)
  })

  test('error: an imported memory', async () => {
    const module = await assembleKernel({}, { flags: ['--importMemory'] })
    expect(inspectModule(module)).toEqual(refused(moduleRefusals.foreignImport('env', 'memory')))
  })

  test('error: env.abort that is no function', () => {
    const global = [...nameOf('env'), ...nameOf('abort'), 3, 0x7f, 0]
    const module = new Uint8Array([...header, ...section(2, vector([global]))])
    expect(inspectModule(module)).toEqual(refused(moduleRefusals.foreignImport('env', 'abort')))
  })

  test('error: WASI in a reactor', async () => {
    const module = await assembleKernel({
      extra: '@external("wasi_snapshot_preview1", "sched_yield") declare function pause(): i32',
      step: 'export function step(budget: i32): i32 { return pause() }',
    })
    expect(inspectModule(module)).toEqual(refused(moduleRefusals.wasiInReactor('sched_yield')))
  })

  test('error: neither kind of program', async () => {
    expect(inspectModule(await assemble('export function f(): void {}'))).toEqual(
      refused(moduleRefusals.neitherProgram),
    )
    expect(inspectModule(new Uint8Array([...header, ...memorySection([0, 1])]))).toEqual(
      refused(moduleRefusals.neitherProgram),
    )
  })

  test('error: a reactor that lacks an export', async () => {
    const module = await assembleKernel({ progress: '' })
    expect(inspectModule(module)).toEqual(refused(moduleRefusals.missingExport('progress')))
  })

  test('error: shared, 64-bit, other, no or two memories, or one that is not exported', () => {
    const withMemory = (...limits: number[]) => inspectModule(buildModule({ memory: memorySection(limits) }))
    expect(withMemory(3, 1, 2)).toEqual(refused(moduleRefusals.threads))
    expect(withMemory(4, 1)).toEqual(refused(moduleRefusals.memory64))
    expect(withMemory(5, 1, 2)).toEqual(refused(moduleRefusals.memory64))
    expect(withMemory(8, 1, 0)).toEqual(refused(moduleRefusals.pageSize))
    expect(inspectModule(buildModule({ memory: [] }))).toEqual(refused(moduleRefusals.noMemory))
    expect(inspectModule(buildModule({ memory: memorySection([0, 1], [0, 1]) }))).toEqual(
      refused(moduleRefusals.noMemory),
    )
    expect(inspectModule(buildModule({ exports: [['_start', 0, 0]] }))).toEqual(refused(moduleRefusals.noMemoryExport))
    const otherMemory = withCode(0x41, 0, 0x28, 0x42, 1, 0, 0x1a)
    expect(inspectModule(otherMemory)).toEqual(refused(moduleRefusals.noMemory))
  })

  test('error: an initial memory over the cap', () => {
    const pages = kernelLimits.memoryBytes / 65536 + 1
    expect(inspectModule(buildModule({ memory: memorySection([0, ...leb(pages)]) }))).toEqual(
      refused(moduleRefusals.memoryTooLarge(pages * 65536, kernelLimits.memoryBytes)),
    )
  })

  test('error: exceptions, atomics, relaxed SIMD, garbage collection, and what is unknown', () => {
    const cases: [number[], string][] = [
      [[0x06, 0x40, 0x0b], moduleRefusals.exceptions],
      [[0x08, 0], moduleRefusals.exceptions],
      [[0x0a], moduleRefusals.exceptions],
      [[0x1f, 0x40, 0, 0x0b], moduleRefusals.exceptions],
      [[0xd0, 0x69, 0x1a], moduleRefusals.exceptions],
      [[0xfe, 0x03, 0], moduleRefusals.threads],
      [[0xfd, 0x80, 0x02], moduleRefusals.relaxedSimd],
      [[0xfd, 0xaf, 0x02], moduleRefusals.relaxedSimd],
      [[0xfb, 0x00, 0], moduleRefusals.garbageCollection],
      [[0xfb, 0x82, 0x01, 0], moduleRefusals.garbageCollection],
      [[0xd0, 0x6e, 0x1a], moduleRefusals.garbageCollection],
      [[0x14, 0], moduleRefusals.garbageCollection],
      [[0x02, 0x63, 0x70, 0x0b], moduleRefusals.garbageCollection],
      [[0xfd, 0xb0, 0x02], moduleRefusals.unknownInstruction],
      [[0xfc, 18], moduleRefusals.unknownInstruction],
      [[0xe0], moduleRefusals.unknownInstruction],
    ]
    for (const [code, reason] of cases) expect(inspectModule(withCode(...code)), `${code}`).toEqual(refused(reason))
    const tags = new Uint8Array([...header, ...section(13, vector([[0, 0]]))])
    expect(inspectModule(tags)).toEqual(refused(moduleRefusals.exceptions))
    for (const form of [0x4e, 0x4f, 0x50, 0x5e, 0x5f]) {
      const types = new Uint8Array([...header, ...section(1, vector([[form, 0]]))])
      expect(inspectModule(types)).toEqual(refused(moduleRefusals.garbageCollection))
    }
  })

  test('error: tables that are too large, 64-bit, too many, or grow without bound', () => {
    const withTables = (tables: number[][], ...code: number[]) =>
      inspectModule(buildModule({ tables, functions: [functionOf(code)] }))
    expect(withTables([[0x70, 0, ...leb(tableEntries)]])).toMatchObject({ kind: 'fit' })
    expect(withTables([[0x70, 0, ...leb(10_000_001)]])).toEqual(
      refused(moduleRefusals.tableTooLarge(10_000_001, tableEntries)),
    )
    expect(withTables(Array(2).fill([0x6f, 0, ...leb(tableEntries)]))).toEqual(
      refused(moduleRefusals.tableTooLarge(2 * tableEntries, tableEntries)),
    )
    expect(withTables([[0x70, 4, 1]])).toEqual(refused(moduleRefusals.memory64))
    expect(withTables(Array(101).fill([0x70, 0, 1]))).toEqual(refused(moduleRefusals.tooManyTables(100)))
    const grow = [0xd0, 0x6f, 0x41, 1, 0xfc, 15, 0, 0x1a]
    expect(withTables([[0x6f, 0, 1]], ...grow)).toEqual(refused(moduleRefusals.growingTable(tableEntries)))
    expect(withTables([[0x6f, 1, 1, ...leb(tableEntries)]], ...grow)).toMatchObject({ kind: 'fit' })
  })

  test('error: too many locals, in one function or in all', () => {
    const locals = (count: number) => functionOf([], [[...leb(count), 0x7f]])
    expect(inspectModule(buildModule({ functions: [locals(codeLimits.locals)] }))).toMatchObject({ kind: 'fit' })
    expect(inspectModule(buildModule({ functions: [locals(codeLimits.locals + 1)] }))).toEqual(
      refused(moduleRefusals.tooManyLocals(codeLimits.locals)),
    )
    const all = codeLimits.allLocals / codeLimits.locals + 1
    expect(inspectModule(buildModule({ functions: Array(all).fill(locals(codeLimits.locals)) }))).toEqual(
      refused(moduleRefusals.localsTooMany(codeLimits.allLocals)),
    )
  })

  test('error: locals that fill the module', () => {
    const groups = Array.from({ length: 1 << 20 }, () => [1, 0x7f])
    expect(inspectModule(buildModule({ functions: [functionOf([], groups)] }))).toEqual(
      refused(moduleRefusals.tooManyLocals(codeLimits.locals)),
    )
  })

  test('error: blocks nested too deeply', () => {
    const nested = (depth: number) => {
      const code = [...Array(depth).fill([0x02, 0x40]).flat(), ...Array(depth).fill(0x0b)]
      return buildModule({ functions: [functionOf(code)] })
    }
    expect(inspectModule(nested(codeLimits.depth - 1))).toMatchObject({ kind: 'fit' })
    expect(inspectModule(nested(1 << 20))).toEqual(refused(moduleRefusals.tooDeep(codeLimits.depth)))
  })

  test('error: counts that the bytes do not have', () => {
    const claims = leb(0xffff_ffff)
    const modules = [
      [...header, ...section(1, [1, 0x60, ...claims, 0x7f])],
      [...header, ...section(1, claims)],
      [...header, ...section(2, [1, ...claims])],
      [...header, ...section(10, [1, ...claims, 0])],
      [...header, ...section(10, [1, 5, 0, 0x0e, ...claims])],
      [...header, 1, ...claims],
      [...header, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
    ]
    for (const module of modules)
      expect(inspectModule(new Uint8Array(module)), `${module}`).toEqual(refused(moduleRefusals.notWebAssembly))
  })

  test('error: too many names', () => {
    const exports = Array.from({ length: 10_001 }, (_, at): [string, number, number] => [`f${at}`, 0, 0])
    expect(inspectModule(buildModule({ exports }))).toEqual(refused(moduleRefusals.tooManyNames(10_000)))
    const imports = Array.from({ length: 10_001 }, (): [string, string] => ['env', 'abort'])
    expect(inspectModule(buildModule({ imports }))).toEqual(refused(moduleRefusals.tooManyNames(10_000)))
  })

  test('error: over 16 MB', () => {
    const module = new Uint8Array((16 << 20) + 1)
    expect(inspectModule(module)).toEqual(refused(moduleRefusals.moduleTooLarge(module.length, 16 << 20)))
  })

  test('error: a component, or no WebAssembly at all', () => {
    expect(inspectModule(new Uint8Array([0, 0x61, 0x73, 0x6d, 13, 0, 1, 0]))).toEqual(refused(moduleRefusals.component))
    expect(inspectModule(new Uint8Array([1, 2, 3]))).toEqual(refused(moduleRefusals.notWebAssembly))
    expect(inspectModule(new Uint8Array())).toEqual(refused(moduleRefusals.notWebAssembly))
  })

  test('error: any other bytes are refused, never thrown at', async () => {
    const whole = await assembleKernel()
    const kinds = ['fit', 'refused']
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const changed = whole.slice()
        changed[at] = byte
        expect(kinds).toContain(inspectModule(changed).kind)
        expect(kinds).toContain(inspectModule(whole.subarray(0, at)).kind)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4, 5, 6, 7, 10), fc.uint8Array(), (id, bytes) => {
        expect(inspectModule(new Uint8Array([...header, ...section(id, [...bytes])])).kind).toBe('refused')
      }),
    )
  })

  test('behavior: reads every instruction as far as the engine does', () => {
    const tables = [[0x70, 1, 1, 1]]
    const moduleOf = (code: number[]) => buildModule({ tables, functions: [functionOf([0x00, ...code], [[1, 0x7f]])] })
    const drop = 0x1a
    const blocks = new Set([0x02, 0x03, 0x04, 0x05, 0x0b])
    const prefixed: [number, number][] = [
      [0xfb, 32],
      [0xfc, 32],
      [0xfd, 320],
      [0xfe, 80],
    ]
    const prefixes = new Set(prefixed.map(([prefix]) => prefix))
    const codes = [
      ...Array.from({ length: 256 }, (_, code) => [code]).filter(
        ([code = 0]) => !blocks.has(code) && !prefixes.has(code),
      ),
      ...prefixed.flatMap(([prefix, length]) => Array.from({ length }, (_, code) => [prefix, ...leb(code)])),
    ]
    const refusedOnPurpose: string[] = [
      ...[moduleRefusals.exceptions, moduleRefusals.threads, moduleRefusals.relaxedSimd],
      ...[moduleRefusals.garbageCollection, moduleRefusals.unknownInstruction],
    ]
    let compared = 0
    for (const code of codes) {
      // Code that is never reached may lack its values, so only the operands, zeroes, decide whether it is valid.
      const operands = Array.from({ length: 20 }, (_, length) => length)
      const isValid = (length: number) => WebAssembly.validate(moduleOf([...code, ...Array(length).fill(0), drop]))
      const needed = operands.find(isValid)
      if (needed === undefined) continue
      const found = inspectModule(moduleOf([...code, ...Array(needed).fill(0), drop]))
      if (found.kind === 'refused') expect(refusedOnPurpose, `${code}`).toContain(found.reason)
      else if (needed > 0)
        // With one byte less the last `end` is read as an operand, and the function has none.
        expect(inspectModule(moduleOf([...code, ...Array(needed - 1).fill(0)])).kind, `${code}`).toBe('refused')
      if (found.kind === 'fit') compared++
    }
    expect(compared).toBeGreaterThan(400)
  })
})

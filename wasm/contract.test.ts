import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sha256 } from '../protocol/digest.ts'
import { inspectModule } from '../protocol/inspect-module.ts'
import { kernelAbi, kernelLimits, languages } from '../protocol/kernel.ts'
import { climateEbm } from './climate-ebm/descriptor.ts'
import { encodeSingleRun } from './climate-ebm/single-run.ts'
import { collatzRecords } from './collatz-records/descriptor.ts'
import { findKernel, kernels } from './kernels.ts'
import { builtKernels, builtModule, loadKernel, type TestKernel } from './testing.ts'

const ids = Object.keys(kernels)
const loaded = new Map(await Promise.all(ids.map(async id => [id, await loadKernel(id)] as const)))

function kernelOf(id: string): TestKernel {
  const kernel = loaded.get(id)
  if (kernel === undefined) throw new Error(`no kernel ${id}`)
  return kernel
}

/** Inputs of several steps each, quick to run. */
const inputs: Record<string, fc.Arbitrary<Uint8Array>> = {
  'collatz-records': fc
    .record({ from: fc.bigInt({ min: 1n, max: 1n << 61n }), startsPerTask: fc.integer({ min: 1, max: 5 << 20 }) })
    .map(({ from, startsPerTask }) =>
      collatzRecords.encodeInput({ from: String(from), to: String(from + (1n << 30n)), startsPerTask }, 0n),
    ),
  'climate-ebm': fc.oneof(
    fc
      .record({ seed: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), setsPerTask: fc.integer({ min: 1, max: 15 }) })
      .map(({ seed, setsPerTask }) =>
        climateEbm.encodeInput({ ...climateEbm.seed, seed: String(seed), setsPerTask }, 7n),
      ),
    fc
      .record({
        kind: fc.constantFrom('step' as const, 'ramp' as const),
        years: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 }),
      })
      .map(({ kind, years }) => {
        const climate = { feedback: 1, surfaceHeat: 8, deepHeat: 100, exchange: 0.7, forcing: 4 }
        return encodeSingleRun({ kind, climate, years: years.sort((a, b) => a - b) })
      }),
  ),
}

const inputOf = (id: string): fc.Arbitrary<Uint8Array> => inputs[id] ?? fc.uint8Array({ maxLength: 0 })
const budgets = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: -5, max: 100 })), { minLength: 1 })

describe.each(ids)('kernel %s', id => {
  const kernel = kernelOf(id)

  test('default: is built and fit to run', async () => {
    const bytes = await builtModule(id)
    const { digest } = (await builtKernels())[id] ?? {}
    expect(await sha256(bytes)).toBe(digest)
    expect(bytes.length).toBeLessThan(kernelLimits.moduleBytes)
    expect(inspectModule(bytes)).toMatchObject({ kind: 'fit', program: 'reactor' })
    const { exports } = new WebAssembly.Instance(kernel.module, {})
    expect(exports.tidemill_abi).toHaveProperty('value', kernelAbi)
    const memory = exports.memory as WebAssembly.Memory
    expect(() => memory.grow(kernelLimits.memoryBytes / 65_536)).toThrow(RangeError)
  })

  test('behavior: where the steps fall never changes the output', () => {
    fc.assert(
      fc.property(inputOf(id), budgets, (input, steps) => {
        const instance = kernel.instantiate()
        expect(instance.start(input)).toBe(0)
        let progress = instance.progress()
        expect(progress).toBe(0)
        for (let at = 0; instance.step(steps[at % steps.length] ?? 1) === 1; at++) {
          expect(instance.progress()).toBeGreaterThan(progress)
          progress = instance.progress()
        }
        expect(instance.progress()).toBe(1)
        expect(instance.output()).toEqual(kernel.run(input, 1 << 30))
      }),
      { numRuns: 15 },
    )
  })

  test('behavior: another instance goes on from a checkpoint, between any two steps', () => {
    fc.assert(
      fc.property(inputOf(id), budgets, (input, steps) => {
        let instance = kernel.instantiate()
        expect(instance.start(input)).toBe(0)
        for (let at = 0; instance.step(steps[at % steps.length] ?? 1) === 1; at++) {
          const checkpoint = instance.save()
          const progress = instance.progress()
          instance = kernel.instantiate()
          expect(instance.restore(checkpoint)).toBe(0)
          expect(instance.progress()).toBe(progress)
        }
        expect(instance.output()).toEqual(kernel.run(input, 1 << 30))
      }),
      { numRuns: 12 },
    )
  })

  test('behavior: an instance may start again', () => {
    const [first, second] = fc.sample(inputOf(id), 2)
    if (first === undefined || second === undefined) throw new Error('no inputs')
    const instance = kernel.instantiate()
    for (const input of [first, second]) {
      expect(instance.start(input)).toBe(0)
      while (instance.step(3) === 1);
      expect(instance.output()).toEqual(kernel.run(input))
    }
  })

  test('behavior: texts name every parameter and column, in every language', () => {
    const { text, seed, columns, emptySummary } = kernels[id] ?? collatzRecords
    for (const language of languages) {
      const { parameters, columns: labels, lesson, ...sentences } = text[language]
      expect(Object.keys(parameters).sort()).toEqual(Object.keys(seed as object).sort())
      expect(Object.keys(labels).sort()).toEqual([...columns].sort())
      expect(lesson.length).toBeGreaterThan(1)
      for (const sentence of [...lesson, ...Object.values(sentences)]) expect(sentence).not.toBe('')
    }
    expect(JSON.parse(JSON.stringify(emptySummary))).toEqual(emptySummary)
  })

  test('behavior: the seed job is valid, long, and its first and last task start', () => {
    const descriptor = kernels[id] ?? collatzRecords
    const parameters = descriptor.parameters.parse(JSON.parse(JSON.stringify(descriptor.seed)))
    expect(parameters).toEqual(descriptor.seed)
    const tasks = descriptor.taskCount(parameters)
    // More than a day of a hundred cores.
    expect(Number(tasks) * descriptor.taskCredit(parameters)).toBeGreaterThan(100 * 86_400)
    for (const index of [0n, tasks - 1n]) {
      expect(kernel.instantiate().start(descriptor.encodeInput(parameters, index))).toBe(0)
      for (const language of languages) expect(descriptor.describeTask(parameters, index, language)).toMatch(/\d/)
    }
    for (const index of [-1n, tasks]) {
      expect(() => descriptor.encodeInput(parameters, index)).toThrow(RangeError)
      expect(() => descriptor.describeTask(parameters, index, 'en')).toThrow(RangeError)
    }
  })

  test('error: hostile inputs and checkpoints are refused with a code, never with a trap', () => {
    const broken = fc
      .tuple(inputOf(id), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }), fc.nat(200))
      .map(([input, changes, length]) => {
        const bytes = new Uint8Array(input)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes.slice(0, length)
      })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), broken), bytes => {
        const instance = kernel.instantiate()
        for (const code of [instance.start(bytes), instance.restore(bytes)]) {
          expect(code).toBeGreaterThanOrEqual(0)
          if (code !== 0) expect(instance.step(1)).toBeLessThan(0)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('error: a damaged checkpoint is refused or taken up, never a trap', () => {
    const [input = new Uint8Array()] = fc.sample(inputOf(id), 1)
    const source = kernel.instantiate()
    expect(source.start(input)).toBe(0)
    source.step(1)
    const checkpoint = source.save()
    fc.assert(
      fc.property(fc.nat(checkpoint.length), fc.nat(checkpoint.length - 1), fc.nat(255), (length, at, value) => {
        expect(
          kernel.instantiate().restore(checkpoint.slice(0, Math.min(length, checkpoint.length - 1))),
        ).toBeGreaterThan(0)
        expect(kernel.instantiate().restore(checkpoint.with(at, value))).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 40 },
    )
  })

  test('error: output that is none is a RangeError', () => {
    const descriptor = kernels[id] ?? collatzRecords
    const output = kernel.run(descriptor.encodeInput(shortJob(id), 0n))
    expect(() => descriptor.decodeOutput(output)).not.toThrow()
    for (const bytes of [new Uint8Array(), output.slice(1), output.slice(0, -1), new Uint8Array(output.length + 1)])
      expect(() => descriptor.decodeOutput(bytes)).toThrow(RangeError)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), bytes => {
        expect(() => descriptor.decodeOutput(bytes)).toThrow(RangeError)
      }),
    )
  })

  test('behavior: the summary does not depend on the order', () => {
    const descriptor = kernels[id] ?? collatzRecords
    const parameters = shortJob(id)
    const outputs = [0n, 1n, 2n, 3n, 4n, 5n].map(index =>
      descriptor.decodeOutput(kernel.run(descriptor.encodeInput(parameters, index))),
    )
    const summarise = (order: readonly unknown[]) =>
      // As the server keeps it: through JSON.
      order.reduce(
        (summary, output) => JSON.parse(JSON.stringify(descriptor.addOutput(summary, output))),
        descriptor.emptySummary,
      )
    const inOrder = summarise(outputs)
    expect(inOrder).not.toEqual(descriptor.emptySummary)
    fc.assert(
      fc.property(fc.shuffledSubarray(outputs, { minLength: outputs.length }), order => {
        expect(summarise(order)).toEqual(inOrder)
      }),
      { numRuns: 30 },
    )
    for (const output of outputs)
      for (const row of descriptor.rows(output)) expect(row).toHaveLength(descriptor.columns.length)
  })
})

function shortJob(id: string): unknown {
  return id === climateEbm.id
    ? { ...climateEbm.seed, setsPerTask: 9 }
    : { ...collatzRecords.seed, startsPerTask: 20_000 }
}

describe('findKernel', () => {
  test('default: finds every kernel', () => {
    for (const id of ids) expect(findKernel(id)?.id).toBe(id)
  })

  test('error: finds nothing else', () => {
    for (const id of ['', 'none', 'toString', '__proto__']) expect(findKernel(id)).toBeUndefined()
  })
})

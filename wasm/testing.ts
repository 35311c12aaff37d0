import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReactorExports } from '../protocol/kernel.ts'
import { type KernelManifest, kernelFolder, kernelManifest } from './manifest.ts'

const folder = join(import.meta.dirname, '..', kernelFolder)

/** The kernels as `npm run build:kernels` left them. */
export async function builtKernels(): Promise<KernelManifest> {
  return kernelManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
}

/** The bytes of a built kernel's module. */
export async function builtModule(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const kernel = (await builtKernels())[id]
  if (kernel === undefined) throw new Error(`The kernel ${id} is not built: npm run build:kernels.`)
  return new Uint8Array(await readFile(join(folder, `${kernel.digest}.wasm`)))
}

/** A kernel under test: instances of it and the shortest way through one. */
export interface TestKernel {
  readonly module: WebAssembly.Module
  instantiate(): TestInstance
  /** The output for an input, in steps of `budget`. */
  run(input: Uint8Array, budget?: number): Uint8Array<ArrayBuffer>
}

interface TestInstance {
  /** 0, or the kernel's error code. */
  start(input: Uint8Array): number
  restore(checkpoint: Uint8Array): number
  step(budget: number): number
  progress(): number
  output(): Uint8Array<ArrayBuffer>
  save(): Uint8Array<ArrayBuffer>
}

/** Compiles a built kernel for tests, past the runtime of the workers. */
export async function loadKernel(id: string): Promise<TestKernel> {
  const module = await WebAssembly.compile(await builtModule(id))
  const instantiate = () => wrap(new WebAssembly.Instance(module, {}).exports as unknown as ReactorExports)
  return {
    module,
    instantiate,
    run(input, budget = 64) {
      const kernel = instantiate()
      const refusal = kernel.start(input)
      if (refusal !== 0) throw new Error(`${id} refused its input: ${refusal}`)
      for (;;) {
        const state = kernel.step(budget)
        if (state < 0) throw new Error(`${id} failed: ${state}`)
        if (state === 0) return kernel.output()
      }
    },
  }
}

function wrap(exports: ReactorExports): TestInstance {
  const write = (bytes: Uint8Array): [number, number] => {
    const pointer = exports.alloc(bytes.length) >>> 0
    new Uint8Array(exports.memory.buffer, pointer, bytes.length).set(bytes)
    return [pointer, bytes.length]
  }
  const read = (region: bigint | undefined): Uint8Array<ArrayBuffer> => {
    if (region === undefined) throw new Error('The kernel has no such export.')
    const pointer = Number(BigInt.asUintN(32, region >> 32n))
    return new Uint8Array(exports.memory.buffer, pointer, Number(BigInt.asUintN(32, region))).slice()
  }
  return {
    start: input => exports.start(...write(input)),
    restore: checkpoint => exports.restore?.(...write(checkpoint)) ?? Number.NaN,
    step: exports.step,
    progress: exports.progress,
    output: () => read(exports.output()),
    save: () => read(exports.save?.()),
  }
}

import { main } from 'assemblyscript/asc'

/** What every reactor kernel exports, each as small as it can be; a test replaces what it is about. */
const smallest = {
  abi: 'export const tidemill_abi: i32 = 1',
  alloc: 'export function alloc(size: i32): i32 { return i32(heap.alloc(size)) }',
  start: 'export function start(pointer: i32, length: i32): i32 { return 0 }',
  step: 'export function step(budget: i32): i32 { return 0 }',
  progress: 'export function progress(): f64 { return 0 }',
  output: 'export function output(): i64 { return 0 }',
  extra: '',
}

export type KernelParts = Partial<typeof smallest>

export interface AssembleOptions {
  /** Absent: the module declares none. */
  readonly memoryMaximumPages?: number
  readonly flags?: readonly string[]
}

/** Compiles a reactor kernel from AssemblyScript, with parts of it replaced. */
export async function assembleKernel(
  parts: KernelParts = {},
  { memoryMaximumPages = 16, flags = [] }: AssembleOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return assemble(Object.values({ ...smallest, ...parts }).join('\n'), [
    ...(memoryMaximumPages > 0 ? ['--maximumMemory', `${memoryMaximumPages}`] : []),
    ...flags,
  ])
}

/** Compiles any AssemblyScript module. */
export async function assemble(source: string, flags: readonly string[] = []): Promise<Uint8Array<ArrayBuffer>> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error, stderr } = await main(['module.ts', '--outFile', 'module.wasm', '--runtime', 'stub', ...flags], {
    readFile: name => (name === 'module.ts' ? source : null),
    writeFile(name, contents) {
      if (name === 'module.wasm' && typeof contents !== 'string') binary = new Uint8Array(contents)
    },
    listFiles: () => [],
  })
  if (error || !binary) throw new Error(`the test's kernel does not compile: ${stderr.toString()}`, { cause: error })
  return binary
}

/**
 * Counts to the 32-bit number in its input, one unit each, and gives back the sum of the numbers counted: long enough
 * to pause, and any step that is lost or done twice shows in the sum.
 */
export const countingKernel: KernelParts = {
  extra: `
    let at: u32 = 0
    let end: u32 = 0
    let sum: u64 = 0
    const saved = memory.data(16)
  `,
  start: `export function start(pointer: i32, length: i32): i32 {
    if (length != 4) return 7
    end = load<u32>(pointer)
    return 0
  }`,
  step: `export function step(budget: i32): i32 {
    let left = u32(budget)
    for (; left > 0 && at < end; left--) {
      at++
      sum += at
    }
    return at < end ? 1 : 0
  }`,
  progress: 'export function progress(): f64 { return f64(at) / f64(end) }',
  output: `export function output(): i64 {
    store<u64>(saved, sum)
    return (i64(saved) << 32) | 8
  }
  export function save(): i64 {
    store<u32>(saved, at)
    store<u32>(saved + 4, end)
    store<u64>(saved + 8, sum)
    return (i64(saved) << 32) | 16
  }
  export function restore(pointer: i32, length: i32): i32 {
    if (length != 16) return 1
    at = load<u32>(pointer)
    end = load<u32>(pointer + 4)
    sum = load<u64>(pointer + 8)
    return 0
  }`,
}

export const countTo = (end: number): Uint8Array<ArrayBuffer> => new Uint8Array(new Uint32Array([end]).buffer)

export const sumTo = (end: number): bigint => (BigInt(end) * BigInt(end + 1)) / 2n

export const sumOf = (output: Uint8Array<ArrayBuffer>): bigint => new DataView(output.buffer).getBigUint64(0, true)

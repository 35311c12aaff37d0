import { buildModule, functionOf, leb, section } from '../../protocol/testing/build-module.ts'
import { assemble } from '../../workers/testing/assemble.ts'

/** What a trial must make of a program, and the sentence that its poster reads. */
type Expected =
  /** It gives the same answer each time. */
  | { readonly kind: 'passed' }
  /** `reason`: the sentence, or what it must name. */
  | { readonly kind: 'failed' | 'refused'; readonly reason: RegExp }

export interface HostileProgram {
  readonly name: string
  readonly expected: Expected
  build(): Promise<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>
}

const wasi = `
  @external("wasi_snapshot_preview1", "fd_write")
  declare function fd_write(fd: i32, vectors: usize, count: i32, written: usize): i32
  @external("wasi_snapshot_preview1", "random_get")
  declare function random_get(at: usize, length: i32): i32
  @external("wasi_snapshot_preview1", "clock_time_get")
  declare function clock_time_get(clock: i32, precision: i64, at: usize): i32

  const page = memory.data(65536, 16)
  const vector = memory.data(16, 16)

  function print(length: i32): void {
    store<usize>(vector, page)
    store<i32>(vector, length, 4)
    fd_write(1, vector, 1, vector + 8)
  }
`

/** A WASI command that does this. */
export const command = (body: string, extra = ''): Promise<Uint8Array<ArrayBuffer>> =>
  assemble(`${wasi}\n${extra}\nexport function _start(): void { ${body} }`, ['--use', 'abort='])

/** A command whose only function has these instructions and locals. */
const withCode = (code: readonly number[], locals: readonly (readonly number[])[] = []) =>
  buildModule({ functions: [functionOf(code, locals)] })

const block = [0x02, 0x40]
const end = 0x0b
const i32 = 0x7f

/** Programs that harm whoever runs them, or are of no use, each with what must become of it. */
export const hostilePrograms: readonly HostileProgram[] = [
  {
    name: 'never ends',
    expected: { kind: 'failed', reason: /did not end|took too long|too much time|takes too long/ },
    build: () => command('while (true) {}'),
  },
  {
    name: 'allocates without end',
    expected: { kind: 'failed', reason: /^The kernel trapped\.$/ },
    build: () =>
      command('while (true) { const grown = memory.grow(16); memory.fill(usize(grown) << 16, 1, 16 << 16) }'),
  },
  {
    name: 'prints 10 GB',
    expected: { kind: 'failed', reason: /^The output of \d+ bytes is over the cap of 1048576\.$/ },
    build: () => command('for (let at = 0; at < 163840; at++) print(65536)'),
  },
  {
    name: 'traps',
    expected: { kind: 'failed', reason: /^The kernel trapped\.$/ },
    build: () => command('unreachable()'),
  },
  {
    name: 'calls itself without end',
    expected: { kind: 'failed', reason: /^The kernel used up the call stack\.$/ },
    build: () =>
      command('deeper(1)', 'function deeper(at: i32): i32 { return at == 0 ? 0 : deeper(at + 1) + deeper(at + 2) }'),
  },
  {
    name: 'reads the clock',
    expected: { kind: 'passed' },
    build: () =>
      command(`
        for (let clock = 0; clock < 2; clock++) clock_time_get(clock, 0, page + 8 * clock)
        print(16)
      `),
  },
  {
    name: 'prints its randomness',
    expected: { kind: 'passed' },
    build: () => command('random_get(page, 32); print(32)'),
  },
  {
    name: 'traps at random',
    // By chance in all its tasks but one of 65536, so that a trial of three surely meets it.
    expected: { kind: 'failed', reason: /^The kernel trapped\.$/ },
    build: () => command('random_get(page, 2); if (load<u16>(page) != 0) unreachable(); print(1)'),
  },
  {
    name: 'has 16 MB of locals',
    expected: { kind: 'refused', reason: /^A function of the module declares more than \d+ locals: / },
    build: () => withCode([], [[...leb(4 << 20), i32]]),
  },
  {
    name: 'nests 100,000 blocks',
    expected: { kind: 'refused', reason: /^A function of the module nests more than \d+ blocks: split it\.$/ },
    build: () =>
      withCode([...Array.from({ length: 100_000 }, () => block).flat(), ...Array<number>(100_000).fill(end)]),
  },
  {
    name: 'has a table of 4 billion entries',
    expected: { kind: 'refused', reason: /^The tables of the module hold 4294967295 entries, over the cap of \d+: / },
    build: () => buildModule({ tables: [[0x70, 0, ...leb(2 ** 32 - 1)]] }),
  },
  {
    name: 'imports env.fetch',
    expected: { kind: 'refused', reason: /^The module imports env\.fetch, which no device offers: / },
    build: () => buildModule({ imports: [['env', 'fetch']] }),
  },
  {
    name: 'has threads',
    expected: { kind: 'refused', reason: /^The module uses shared memory or atomics: compile without threads / },
    build: () => buildModule({ memory: section(5, [1, 3, 1, 1]) }),
  },
  {
    name: 'has relaxed SIMD',
    expected: { kind: 'refused', reason: /^The module uses relaxed SIMD, whose results differ between devices: / },
    // Two constants, i8x16.relaxed_swizzle, drop.
    build: () => {
      const constant = [0xfd, 12, ...Array<number>(16).fill(0)]
      return withCode([...constant, ...constant, 0xfd, ...leb(0x100), 0x1a])
    },
  },
  {
    name: 'throws exceptions',
    expected: { kind: 'refused', reason: /^The module uses WebAssembly exceptions, which not every device has: / },
    // try, catch_all, end
    build: () => withCode([0x06, 0x40, 0x19, end]),
  },
  {
    name: 'has 64-bit memory',
    expected: { kind: 'refused', reason: /^The module uses 64-bit memory or tables: compile for wasm32\.$/ },
    build: () => buildModule({ memory: section(5, [1, 4, 1]) }),
  },
  {
    name: 'asks for 4 GB at once',
    expected: {
      kind: 'refused',
      reason: /^The module asks for 4294967296 bytes of memory at its start, over the cap /,
    },
    build: () => buildModule({ memory: section(5, [1, 0, ...leb(65536)]) }),
  },
  {
    name: 'is no WebAssembly',
    expected: { kind: 'refused', reason: /^The module is not well-formed WebAssembly: / },
    build: () => new TextEncoder().encode('#!/bin/sh\nrm -rf /\n'),
  },
  {
    name: 'is cut off',
    expected: { kind: 'refused', reason: /^The module is not well-formed WebAssembly: / },
    build: async () => (await command('print(1)')).slice(0, -7),
  },
]

import type { RunInput } from '../../protocol/run-input.ts'
import type { WasiCall } from '../../protocol/wasi-calls.ts'
import { createWasiCalls } from '../wasi-calls.ts'
import { createWasiProcess } from '../wasi-process.ts'

export const command = (parts: Partial<Omit<CommandInput, 'kind'>> = {}): CommandInput => ({
  ...{ kind: 'command', arguments: [], stdin: new Uint8Array(), files: [], seed: new Uint8Array(32) },
  ...parts,
})

type CommandInput = Extract<RunInput, { kind: 'command' }>

export const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** Errno values as WASI preview 1 numbers them, written down again so that a test does not believe the shim. */
export const errno = {
  success: 0,
  badf: 8,
  exist: 20,
  fault: 21,
  ilseq: 25,
  inval: 28,
  isdir: 31,
  mfile: 33,
  nametoolong: 37,
  noent: 44,
  nosys: 52,
  notdir: 54,
  notsup: 58,
  rofs: 69,
  spipe: 70,
  notcapable: 76,
} as const

/**
 * A program that a test drives by hand: it calls with numbers as a module would, over a memory of 16 pages whose first bytes
 * a test hands out with `place`.
 */
export function startByHand(parts: Partial<Omit<CommandInput, 'kind'>> = {}) {
  const memory = new WebAssembly.Memory({ initial: 16 })
  const written = { output: '', log: '' }
  const process = createWasiProcess(command(parts), {
    memory: () => memory,
    writeOutput: bytes => {
      written.output += new TextDecoder().decode(bytes)
    },
    writeLog: bytes => {
      written.log += new TextDecoder().decode(bytes)
    },
  })
  const calls = createWasiCalls(process)
  let next = 1024
  const view = () => new DataView(memory.buffer)

  const program = {
    memory,
    written,
    calls,
    /** The end of the memory: what begins here lies outside of it. */
    end: memory.buffer.byteLength,
    view,
    /** A place for so many bytes. */
    place(length: number): number {
      const at = next
      next += (length + 7) & ~7
      return at
    },
    put(bytes: Uint8Array): number {
      const at = program.place(bytes.length)
      new Uint8Array(memory.buffer).set(bytes, at)
      return at
    },
    read: (at: number, length: number) => new Uint8Array(memory.buffer).slice(at, at + length),
    text: (at: number, length: number) => new TextDecoder().decode(program.read(at, length)),
    /** Calls with a path in place of its two numbers. */
    path(call: WasiCall, before: readonly (number | bigint)[], path: string, ...after: (number | bigint)[]): number {
      const bytes = bytesOf(path)
      return calls[call](...before, program.put(bytes), bytes.length, ...after)
    },
    /** An array of vectors over places of these lengths. */
    vectors(...lengths: number[]): { readonly at: number; readonly places: readonly number[] } {
      const places = lengths.map(program.place)
      const at = program.place(lengths.length * 8)
      for (const [index, length] of lengths.entries()) {
        view().setUint32(at + index * 8, places[index] ?? 0, true)
        view().setUint32(at + index * 8 + 4, length, true)
      }
      return { at, places }
    },
    /** Opens for reading. @returns the number, or the errno below 0 */
    open(path: string, { from = 3, flags = 0, rights = 2n }: { from?: number; flags?: number; rights?: bigint } = {}) {
      const opened = program.place(4)
      const failed = program.path('path_open', [from, 1], path, flags, rights, 0n, 0, opened)
      return failed === 0 ? view().getUint32(opened, true) : -failed
    },
    /** Reads so many bytes at once. @returns the errno below 0 */
    readText(fd: number, length: number): string | number {
      const { at, places } = program.vectors(length)
      const count = program.place(4)
      const failed = calls.fd_read(fd, at, 1, count)
      return failed === 0 ? program.text(places[0] ?? 0, view().getUint32(count, true)) : -failed
    },
  }
  return program
}

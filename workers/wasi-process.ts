import { OpenFile, wasi } from '@bjorn3/browser_wasi_shim'
import type { RunInput } from '../protocol/run-input.ts'
import { createKeyStream } from './chacha20.ts'
import { createDescriptors, type Descriptors, directoryDescriptor } from './wasi-descriptors.ts'
import { createWasiMemory, type WasiMemory } from './wasi-memory.ts'
import { createWasiTree, fileOf } from './wasi-tree.ts'

/** All that the calls of one running program work on. */
export interface WasiProcess {
  readonly memory: WasiMemory
  /** The program's own name first. */
  readonly arguments: readonly Uint8Array[]
  readonly descriptors: Descriptors
  fillRandom(target: Uint8Array): void
}

/** How a program ends itself. Stays inside this thread. */
export class WasiExit extends Error {
  readonly code: number
  constructor(code: number) {
    super(`exit code ${code}`)
    this.code = code
  }
}

interface ProcessPorts {
  /** The instance's, asked for at every call: it may grow between two. */
  memory(): WebAssembly.Memory
  writeOutput(bytes: Uint8Array): void
  writeLog(bytes: Uint8Array): void
}

/** What a program is started with: 0 to 2 are its standard input, output and error, 3 is its tree, `/`. */
export function createWasiProcess(
  input: Extract<RunInput, { kind: 'command' }>,
  { memory, writeOutput, writeLog }: ProcessPorts,
): WasiProcess {
  return {
    memory: createWasiMemory(memory),
    arguments: ['program', ...input.arguments].map(argument => new TextEncoder().encode(argument)),
    descriptors: createDescriptors([
      { kind: 'file', open: new OpenFile(fileOf(input.stdin, 0n)), flags: 0 },
      { kind: 'output', write: writeOutput, flags: wasi.FDFLAGS_APPEND },
      { kind: 'output', write: writeLog, flags: wasi.FDFLAGS_APPEND },
      directoryDescriptor(createWasiTree(input.files), '/'),
    ]),
    fillRandom: createKeyStream(input.seed),
  }
}

import type { Descriptors } from './wasi-descriptors.ts'
import type { WasiMemory } from './wasi-memory.ts'

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

import type { WasiCall } from '../protocol/wasi-calls.ts'
import { createFileCalls } from './wasi-file-calls.ts'
import { WasiError } from './wasi-memory.ts'
import { createPathCalls } from './wasi-path-calls.ts'
import type { WasiProcess } from './wasi-process.ts'
import { createSystemCalls } from './wasi-system-calls.ts'

type AnyCall = (...given: never[]) => number

/** What a program calls: every call of WASI preview 1, each as `docs/wasi.md` says. They answer with an errno. */
export function createWasiCalls(process: WasiProcess): Record<WasiCall, (...given: (number | bigint)[]) => number> {
  const calls: Record<WasiCall, AnyCall> = {
    ...createSystemCalls(process),
    ...createFileCalls(process),
    ...createPathCalls(process),
  }
  const served = Object.entries(calls).map(([name, call]) => [
    name,
    (...given: never[]) => {
      try {
        return call(...given)
      } catch (error) {
        if (error instanceof WasiError) return error.errno
        throw error
      }
    },
  ])
  return Object.fromEntries(served)
}

import type { RunOutcome } from '../../protocol/volunteer.ts'
import type { SandboxRun } from '../../workers/node/sandbox-messages.ts'
import type { Logger } from '../logger.ts'
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts'

export type { SandboxRun } from '../../workers/node/sandbox-messages.ts'

/** Failures are those of the program, in the words that devices use, or the sandbox's own, in a sentence as well. */
export type SandboxOutcome = RunOutcome

export interface Sandbox {
  /**
   * Runs a program that nobody vouches for, apart from the server. At most {@link SandboxOptions.processes} at a time;
   * others wait. Whatever the program does, this ends and the next run finds a sandbox. Never rejects.
   */
  run(input: SandboxRun, signal: AbortSignal): Promise<SandboxOutcome>
  /** Ends all runs as `aborted`, and their processes. */
  close(): Promise<void>
}

export interface SandboxOptions {
  readonly log: Logger
  readonly processes?: number
  /** How long a process without work is kept. */
  readonly idleMs?: number
  readonly startProcess?: () => SandboxProcess
}

interface Idle {
  readonly process: SandboxProcess
  readonly letGo: NodeJS.Timeout
}

/** Processes that run programs of strangers. None is started before there is something to run. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { log, processes = 2, idleMs = 30_000, startProcess = () => startSandboxProcess() } = options
  const closing = new AbortController()
  const idle: Idle[] = []
  const busy = new Set<SandboxProcess>()
  const waiting: (() => void)[] = []
  let free = processes

  /** @returns whether there is room; not where `signal` comes first */
  async function enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    if (free > 0) {
      free--
      return true
    }
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const begin = () => resolve(true)
    waiting.push(begin)
    const giveUp = () => {
      const at = waiting.indexOf(begin)
      if (at < 0) return
      waiting.splice(at, 1)
      resolve(false)
    }
    signal.addEventListener('abort', giveUp)
    const isIn = await promise
    signal.removeEventListener('abort', giveUp)
    return isIn
  }

  function leave(): void {
    const next = waiting.shift()
    if (next) next()
    else free++
  }

  function takeProcess(): SandboxProcess {
    for (let rested = idle.pop(); rested; rested = idle.pop()) {
      clearTimeout(rested.letGo)
      if (rested.process.isAlive) return rested.process
    }
    return startProcess()
  }

  function putBack(process: SandboxProcess): void {
    if (!process.isAlive) return
    const letGo = setTimeout(() => {
      idle.splice(
        idle.findIndex(rested => rested.process === process),
        1,
      )
      void process.end()
    }, idleMs)
    idle.push({ process, letGo })
  }

  async function attempt(run: SandboxRun, signal: AbortSignal): ReturnType<SandboxProcess['run']> {
    const process = takeProcess()
    const abort = () => void process.end()
    busy.add(process)
    signal.addEventListener('abort', abort)
    const end = await process.run(run)
    signal.removeEventListener('abort', abort)
    busy.delete(process)
    // It is dying, or may be: nobody shall get it.
    if (signal.aborted) await process.end()
    else putBack(process)
    return end
  }

  async function runTwiceAtMost(run: SandboxRun, signal: AbortSignal): Promise<SandboxOutcome> {
    for (let attempts = 0; attempts < 2 && !signal.aborted; attempts++) {
      const end = await attempt(run, signal)
      if (signal.aborted) break
      if (end.kind !== 'crashed') return end
      log.warn('A sandbox crashed', { detail: end.detail })
    }
    if (signal.aborted) return { kind: 'aborted' }
    return { kind: 'failed', reason: 'The sandbox could not run the program.', elapsedMs: 0, log: '' }
  }

  return {
    async run(run, caller) {
      const signal = AbortSignal.any([caller, closing.signal])
      if (!(await enter(signal))) return { kind: 'aborted' }
      try {
        return await runTwiceAtMost(run, signal)
      } finally {
        leave()
      }
    },
    async close() {
      closing.abort()
      for (const { letGo } of idle) clearTimeout(letGo)
      await Promise.all([...busy, ...idle.splice(0).map(({ process }) => process)].map(process => process.end()))
    },
  }
}

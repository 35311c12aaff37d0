import type { FromSandbox, SandboxEnd, SandboxRun, ToSandbox } from '../../workers/node/sandbox-messages.ts'
import { outOfMemoryCode } from '../../workers/node/sandbox-messages.ts'
import { startChild } from '../start-child.ts'

/** A process that says nothing for so long while it runs something is beyond help. */
const silentSeconds = 20
/** Of what a process says before it crashes, the end. */
const lastWords = 2000

export interface SandboxProcess {
  readonly pid: number | undefined
  readonly isAlive: boolean
  /** One at a time. `crashed`: the process is gone, and nobody knows what of the run. Never rejects. */
  run(run: SandboxRun): Promise<SandboxEnd | { readonly kind: 'crashed'; readonly detail: string }>
  /** At once; resolves when it is gone. */
  end(): Promise<void>
}

export function startSandboxProcess(headroomBytes = 512 << 20): SandboxProcess {
  const child = startChild({ entry: 'workers/node/sandbox.ts', folders: [] })
  let isAlive = true
  let said = ''
  let hear: (message: FromSandbox) => void = () => {}

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-lastWords)
  })
  child.on('message', message => hear(message as FromSandbox))
  const gone = new Promise<{ code: number | null; detail: string }>(resolve => {
    // What cannot be started, or told anything, has no other end.
    child.on('error', error => {
      isAlive = false
      child.kill('SIGKILL')
      if (child.pid === undefined) resolve({ code: null, detail: error.message })
    })
    child.on('exit', () => {
      isAlive = false
    })
    child.on('close', (code, signal) => resolve({ code, detail: `${signal ?? `code ${code}`} ${said}`.trim() }))
  })

  return {
    pid: child.pid,
    get isAlive() {
      return isAlive
    },
    async run(run) {
      const ended = Promise.withResolvers<SandboxEnd>()
      // Ticks, not a clock: a machine that slept was silent too.
      let silentTicks = 0
      const watch = setInterval(() => {
        silentTicks++
        if (silentTicks > silentSeconds) child.kill('SIGKILL')
      }, 1000)
      hear = message => {
        silentTicks = 0
        if (message.kind === 'ended') ended.resolve(ownEnd(message.end))
      }
      const message: ToSandbox = { kind: 'run', run, headroomBytes }
      if (isAlive) child.send(message)
      try {
        return await Promise.race([ended.promise, gone.then(({ code, detail }) => endOf(code, detail))])
      } finally {
        clearInterval(watch)
        hear = () => {}
      }
    },
    async end() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** What came from another process may be a part of a larger buffer. */
const ownEnd = (end: SandboxEnd): SandboxEnd =>
  end.kind === 'done' ? { ...end, output: new Uint8Array(end.output) } : end

function endOf(code: number | null, detail: string): Awaited<ReturnType<SandboxProcess['run']>> {
  if (code !== outOfMemoryCode) return { kind: 'crashed', detail }
  return { kind: 'failed', reason: 'The program took more memory than the sandbox has.', elapsedMs: 0, log: '' }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface SpawnedServer {
  readonly url: string
  readonly process: ChildProcess
  /** What it has logged as its own fault. */
  faults(): string[]
  /** Ends it as an operator does, or as a power cut does. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

const main = new URL('../main.ts', import.meta.url).pathname

/** Starts the server as its own process, as `npm start` does, and waits until it says that it is ready. */
export async function spawnServer(environment: Readonly<Record<string, string>>): Promise<SpawnedServer> {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const exited = once(child, 'exit')
  const ready = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', line => {
    const url = /^Tidemill is ready: (\S+)$/.exec(line)?.[1]
    if (url !== undefined) ready.resolve(url)
  })
  void exited.then(() => ready.reject(new Error(`The server ended before it was ready: ${errors}`)))
  const url = await ready.promise
  return {
    url,
    process: child,
    faults: () => errors.split('\n').filter(line => line.includes('"level":"error"')),
    async end(signal) {
      child.kill(signal)
      await exited
    },
  }
}

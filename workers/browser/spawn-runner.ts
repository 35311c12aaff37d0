import type { FromRunner, RunnerPort } from '../runner-messages.ts'

/** Starts a runner in a nested Web Worker. */
export function spawnBrowserRunner(): RunnerPort {
  const worker = new Worker(new URL('./runner.ts', import.meta.url), { type: 'module' })
  return {
    post: message => worker.postMessage(message),
    listen(onMessage, onDeath) {
      worker.addEventListener('message', (event: MessageEvent<FromRunner>) => onMessage(event.data))
      worker.addEventListener('error', event => onDeath(new Error(event.message || 'its script could not be loaded')))
    },
    terminate: () => worker.terminate(),
  }
}

import { Worker } from 'node:worker_threads'
import type { RunnerPort } from '../runner-messages.ts'
import type { RunnerData } from './runner.ts'

/** Starts a runner in a worker thread. */
export function spawnNodeRunner(data: RunnerData): RunnerPort {
  const worker = new Worker(new URL('./runner.ts', import.meta.url), { workerData: data })
  return {
    post: message => worker.postMessage(message),
    listen(onMessage, onDeath) {
      worker.on('message', onMessage)
      worker.on('error', error => onDeath(error instanceof Error ? error : new Error(String(error))))
    },
    terminate: () => void worker.terminate(),
  }
}

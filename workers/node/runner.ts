import { constants, platform, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { serveRuns } from '../serve-runs.ts'

/** How a runner's thread is set up: its `workerData`. */
export interface RunnerData {
  readonly niceness: number
}

if (!parentPort) throw new Error('runner.ts is the entry of a worker thread')
const port = parentPort

lowerPriority((workerData as RunnerData).niceness)

const sleep = (ms: number): Promise<void> =>
  new Promise(resolve => {
    // A timer of 0 ms waits a whole one.
    if (ms > 0) setTimeout(resolve, ms)
    else setImmediate(resolve)
  })

const serve = serveRuns((message, transfer) => port.postMessage(message, transfer), {
  now: () => performance.now(),
  sleep,
})
port.on('message', serve)

/** Linux gives each thread its own niceness; elsewhere this would slow the whole process. */
function lowerPriority(niceness: number): void {
  if (platform() === 'linux' && niceness !== constants.priority.PRIORITY_NORMAL) setPriority(niceness)
}

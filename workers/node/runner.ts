import { constants, platform, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { serveRuns } from '../serve-runs.ts'

/** How a runner's thread is set up: its `workerData`. */
export interface RunnerData {
  readonly niceness: number
  /** What a run's time is told by: the wall's, or what this thread had of a processor. Absent: the wall's. */
  readonly clock?: 'wall' | 'processor'
}

if (!parentPort) throw new Error('runner.ts is the entry of a worker thread')
const port = parentPort

const { niceness, clock } = workerData as RunnerData
lowerPriority(niceness)

const sleep = (ms: number): Promise<void> =>
  new Promise(resolve => {
    // A timer of 0 ms waits a whole one.
    if (ms > 0) setTimeout(resolve, ms)
    else setImmediate(resolve)
  })

const serve = serveRuns((message, transfer) => port.postMessage(message, transfer), {
  now: clock === 'processor' ? processorMs : () => performance.now(),
  sleep,
})
port.on('message', serve)

function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Linux gives each thread its own niceness; elsewhere this would slow the whole process. */
function lowerPriority(niceness: number): void {
  if (platform() === 'linux' && niceness !== constants.priority.PRIORITY_NORMAL) setPriority(niceness)
}

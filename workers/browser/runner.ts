import type { ToRunner } from '../runner-messages.ts'
import { serveRuns } from '../serve-runs.ts'

declare const self: DedicatedWorkerGlobalScope

const turn = new MessageChannel()
turn.port2.start()

/** A timer of 0 ms waits at least 4 in a browser; a message to oneself only lets the other messages in. */
const sleep = (ms: number): Promise<void> =>
  new Promise(resolve => {
    if (ms > 0) {
      setTimeout(resolve, ms)
      return
    }
    turn.port2.addEventListener('message', () => resolve(), { once: true })
    turn.port1.postMessage(undefined)
  })

const serve = serveRuns((message, transfer) => self.postMessage(message, transfer), {
  now: () => performance.now(),
  sleep,
})
self.addEventListener('message', (event: MessageEvent<ToRunner>) => serve(event.data))

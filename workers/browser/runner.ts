import type { FromRunner, ToRunner } from '../runner-messages.ts'
import { serveRuns } from '../serve-runs.ts'

// Runs inside a frame that has no origin and no connection, from a blob: it is built into one file, and imports nothing
// when it runs.

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

// The first message brings the port to whoever asks for runs, past the frame.
self.addEventListener(
  'message',
  ({ ports: [port] }: MessageEvent) => {
    if (!port) return
    const post = (message: FromRunner, transfer: ArrayBuffer[]) => port.postMessage(message, transfer)
    const serve = serveRuns(post, { now: () => performance.now(), sleep })
    port.addEventListener('message', (event: MessageEvent<ToRunner>) => serve(event.data))
    port.start()
  },
  { once: true },
)

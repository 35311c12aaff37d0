import { randomBytes } from 'node:crypto'
import { Problem } from '../../protocol/errors.ts'
import type { FleetCounter } from './fleet-counter.ts'
import { readAnswer, writeReport } from './work-bodies.ts'
import { openWorkConnection, type ReceivedAnswer } from './work-connection.ts'

/**
 * A simulated device: reports all leases of its last answer, in order, as soon as it is told that a request is due. It
 * computes nothing, so that its answers are the right ones and cost nothing.
 */
export interface Device {
  readonly isBusy: boolean
  connect(): Promise<void>
  authorize(token: string): void
  /**
   * A request is due since `at` (of `performance.now()`). Where the one before still waits for its answer, it is sent
   * after that, and its latency counts from `at` all the same: a slow answer makes no request late without being told.
   */
  due(at: number): void
}

export interface DeviceOptions {
  readonly url: URL
  /** Leases that it asks for each time. */
  readonly lanes: number
  readonly counter: FleetCounter
  /** It has nothing due. @param hasWork whether it holds leases */
  readonly onIdle: (device: Device, hasWork: boolean) => void
  readonly onError: (error: Error) => void
}

export function createDevice({ url, lanes, counter, onIdle, onError }: DeviceOptions): Device {
  // A request's id is the device's own eight bytes, and a number.
  const requestId = randomBytes(16)
  let requests = 0
  const emptyReport = () => nextReport({ grant: new Uint8Array(), inputs: [] })
  let report = emptyReport()
  let hasWork = false
  let underWaySince: number | undefined
  let sentBytes = 0
  const waiting: number[] = []

  function nextReport(granted: Pick<ReturnType<typeof readAnswer>, 'grant' | 'inputs'>): Uint8Array {
    requestId.writeUInt32BE(requests++, 12)
    return writeReport({ requestId, lanes, ...granted })
  }

  function send(dueSince: number): void {
    underWaySince = dueSince
    sentBytes = connection.send(report)
  }

  function onAnswer(answer: ReceivedAnswer): void {
    const latencyMs = performance.now() - (underWaySince as number)
    underWaySince = undefined
    if (answer.status === 200) {
      const { stored, grant, inputs } = readAnswer(answer.body)
      counter.answered({ latencyMs, bytes: sentBytes + answer.bytes, stored, leases: inputs.length })
      report = nextReport({ grant, inputs })
      hasWork = inputs.length > 0
    } else refused(answer)
    const next = waiting.shift()
    if (next === undefined) onIdle(device, hasWork)
    else send(next)
  }

  function refused({ status, body }: ReceivedAnswer): void {
    const { code, detail } = Problem.parse(JSON.parse(Buffer.from(body).toString()))
    counter.refused(code)
    hasWork = false
    // An overloaded server has not looked at the report: the same comes again.
    if (code === 'OverloadedError') return
    if (code !== 'LeaseLostError') throw new Error(`The server answered ${status} ${code}: ${detail}`)
    report = emptyReport()
  }

  const connection = openWorkConnection(url, { onAnswer, onError })
  const device: Device = {
    get isBusy() {
      return underWaySince !== undefined
    },
    connect: connection.connect,
    authorize: connection.authorize,
    due(at) {
      if (underWaySince === undefined) send(at)
      else waiting.push(at)
    },
  }
  return device
}

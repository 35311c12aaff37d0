import { fork } from 'node:child_process'
import type { FleetAnswer, FleetCommand, FleetCounts, FleetOrder, Pace } from './fleet-messages.ts'

/** The fleet as its parent sees it: a process of its own. One call at a time. */
export interface Fleet {
  readonly pid: number
  /** One a device. */
  readonly accountIds: readonly string[]
  load(pace: Pace): Promise<void>
  /** Counts afresh from now on. */
  count(): Promise<void>
  read(): Promise<FleetCounts>
  /** Resolves once all that was due has its answer. */
  rest(): Promise<void>
  end(): Promise<void>
}

/** Starts a fleet and waits until its devices are registered. Every call rejects once the fleet has failed. */
export async function startFleet(order: FleetOrder): Promise<Fleet> {
  const child = fork(new URL('fleet.ts', import.meta.url), [JSON.stringify(order)])
  const ended = Promise.withResolvers<never>()
  const exited = new Promise<void>(resolve => {
    child.once('exit', code => {
      ended.reject(new Error(`The fleet ended with code ${code}.`))
      resolve()
    })
  })
  // Whoever waits for an answer is told; nobody may be waiting.
  ended.promise.catch(() => {})

  const answered = () =>
    Promise.race([new Promise<FleetAnswer>(resolve => child.once('message', resolve)), ended.promise])

  function ask(command: FleetCommand): Promise<FleetAnswer> {
    const answer = answered()
    child.send(command)
    return answer
  }

  const registered = await answered()
  if (registered.kind !== 'registered' || child.pid === undefined) throw new Error('Expected a fleet that registers.')
  return {
    pid: child.pid,
    accountIds: registered.accountIds,
    async load(pace) {
      await ask({ kind: 'load', pace })
    },
    async count() {
      await ask({ kind: 'count' })
    },
    async read() {
      const answer = await ask({ kind: 'read' })
      if (answer.kind !== 'counted') throw new Error(`Expected the fleet's counts, got ${answer.kind}.`)
      return answer.counts
    },
    async rest() {
      await ask({ kind: 'rest' })
    },
    async end() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}

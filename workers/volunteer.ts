import { toBase64Url } from '../protocol/bytes.ts'
import type { ApiClient } from '../protocol/client.ts'
import type { AccountId, LeaseToken } from '../protocol/ids.ts'
import type {
  Connection,
  RerunTask,
  RunOutcome,
  VolunteerPhase,
  VolunteerSettings,
  VolunteerState,
} from '../protocol/volunteer.ts'
import { workLimits } from '../protocol/work.ts'
import { createBlobSource } from './blob-source.ts'
import type { KeyStore } from './device-key.ts'
import { createExchange } from './exchange.ts'
import { giveBack } from './give-back.ts'
import type { HeldLease } from './holdings.ts'
import { createKernels } from './kernels.ts'
import type { LaneRun } from './lane-run.ts'
import { laneState } from './lane-state.ts'
import { createLanes } from './lanes.ts'
import { nextSpeed, surplus } from './plan-exchange.ts'
import { createPool } from './pool.ts'
import { createPrefetch } from './prefetch.ts'
import { createPublisher } from './publisher.ts'
import { rerunTask } from './rerun.ts'
import type { RunEnd } from './run-kernel.ts'
import type { RunnerPort } from './runner-messages.ts'
import { createSession } from './session.ts'
import { createStock } from './stock.ts'
import type { Store } from './store.ts'

export interface VolunteerPorts {
  readonly api: ApiClient
  readonly keys: KeyStore
  readonly store: Store
  spawnRunner(): RunnerPort
  readonly stallSeconds?: number
}

/** The engine behind `VolunteerApi`, the same in a browser and in Node. */
export interface Volunteer {
  getState(): VolunteerState
  /** Calls back at every change, for progress at most 4 times a second. @returns the end of it */
  subscribe(listener: (state: VolunteerState) => void): () => void
  /** Looks up what an earlier visit left, without computing: `paused` where there are leases. Results are reported. */
  peek(): Promise<void>
  start(settings: VolunteerSettings): Promise<void>
  configure(settings: VolunteerSettings): void
  pause(): Promise<void>
  /** Resolves when the leases are given back; the lanes have stopped before it returns. */
  stop(): Promise<void>
  /** Resolves when the server has acknowledged all results, or will never take them. */
  reported(): Promise<void>
  /** Resolves when all that is held is in the store. */
  settled(): Promise<void>
  /** The network is back. */
  retryNow(): void
  sessionToken(): Promise<string>
  hasAccount(): Promise<boolean>
  rerun(task: RerunTask, onProgress: (progress: number) => void): Promise<RunOutcome>
  abortRerun(): void
  /** Ends everything at once; what is held stays in the store. */
  close(): void
}

/** As it is reported. */
const wholeMs = (elapsedMs: number): number => Math.min(Math.round(elapsedMs), workLimits.elapsedMs)

export function createVolunteer({ api, keys, store, spawnRunner, stallSeconds = 10 }: VolunteerPorts): Volunteer {
  const stock = createStock(store)
  const kernels = createKernels(api, store)
  const blobs = createBlobSource(api, store)
  const pool = createPool({ spawn: spawnRunner, stallSeconds })
  const publisher = createPublisher(state)
  const rerun = rerunTask({ kernels, pool, blobs })
  const prefetch = createPrefetch(blobs)

  let phase: VolunteerPhase = { kind: 'stopped' }
  let connection: Connection = { kind: 'online' }
  let settings: VolunteerSettings = { cores: 0, cpuPercent: 100 }
  let accountId: AccountId | undefined
  /** Of a lane at full speed, in credit per second. */
  let speed: number | undefined
  /** Lanes that this device turned out to be unable to run, until the next start. */
  let unableLanes = 0
  let expiryTimer: ReturnType<typeof setInterval> | undefined
  const total = { returned: 0, failed: 0 }

  const session = createSession(api, keys, opened => {
    accountId = opened.accountId
    publisher.publish()
  })

  const lanes = createLanes({
    pool,
    kernels,
    blobs,
    onCheckpoint: stock.checkpoint,
    onChange() {
      if (phase.kind === 'starting') phase = { kind: 'computing' }
      publisher.publish()
    },
    onEnd(run, end) {
      settle(run, end)
      fill()
      publisher.publish()
    },
  })

  const exchange = createExchange({
    api,
    session,
    unreported: () => stock.unreported,
    demand() {
      let heldCredit = 0
      for (const [token, { lease }] of stock.held) heldCredit += lanes.of(token)?.creditLeft() ?? lease.credit
      const granted = usableLanes()
      const idleLanes = Math.max(0, granted - lanes.busy)
      return { lanes: granted, idleLanes, held: stock.held.size, heldCredit, speed: speed && speed * cpuShare() }
    },
    onConnection(next) {
      connection = next
      if (phase.kind === 'starting') phase = { kind: 'computing' }
      publisher.publish()
    },
    onAnswer({ finished }, { leases }) {
      stock.drop(finished.map(({ lease }) => lease))
      total.returned += finished.length
      stock.add(leases)
      // What was asked for before Stop may come after it.
      if (phase.kind === 'stopped' || phase.kind === 'unable') void handBack(leases.map(({ lease }) => lease))
      fill()
      publisher.publish()
    },
    onDropped(tokens) {
      stock.drop(tokens)
      publisher.publish()
    },
  })

  const isActive = () => phase.kind === 'starting' || phase.kind === 'computing'
  const cpuShare = () => settings.cpuPercent / 100
  const usableLanes = () => (isActive() ? Math.max(0, settings.cores - unableLanes) : 0)

  function enter(next: VolunteerPhase): void {
    phase = next
    clearInterval(expiryTimer)
    if (isActive()) expiryTimer = setInterval(fill, 1000)
    publisher.publish('now')
  }

  /** Leases without a lane: those that were begun first, then by deadline. */
  function queued(): HeldLease[] {
    const urgency = ({ lease, checkpoint }: HeldLease) => (checkpoint ? 0 : Date.parse(lease.expiresAt))
    return [...stock.held.values()].filter(one => !lanes.of(one.lease.lease)).sort((a, b) => urgency(a) - urgency(b))
  }

  function dropExpired(): void {
    const expired = [...stock.held.values()].filter(({ lease }) => Date.parse(lease.expiresAt) <= api.now())
    for (const { lease } of expired) lanes.of(lease.lease)?.abort()
    if (expired.length > 0) stock.drop(expired.map(({ lease }) => lease.lease))
  }

  /** Puts waiting leases on free lanes, and sees to it that there will be more. */
  function fill(): void {
    if (isActive()) {
      dropExpired()
      const waiting = queued()
      for (let at = 0; at < usableLanes(); at++) {
        const next = lanes.at(at) ? undefined : waiting.shift()
        if (next) lanes.occupy(at, next, settings.cpuPercent)
      }
      if (waiting[0]) prefetch(waiting[0].lease)
    }
    exchange.nudge()
  }

  function settle(run: LaneRun, end: RunEnd): void {
    const { lease } = run.held.lease
    switch (end.kind) {
      case 'aborted':
        return
      case 'paused':
        if (end.checkpoint) stock.checkpoint(lease, end.checkpoint)
        return
      case 'unable':
        unableLanes++
        void handBack([lease])
        if (isActive() && usableLanes() === 0) enter({ kind: 'unable', reason: end.reason })
        return
      case 'failed':
        total.failed++
        stock.finish({ lease, elapsedMs: wholeMs(end.elapsedMs), outcome: { kind: 'failed', reason: end.reason } })
        return
      case 'done':
        speed = nextSpeed(speed, run.speed(Date.now()), cpuShare())
        stock.finish({
          ...{ lease, elapsedMs: wholeMs(end.elapsedMs) },
          outcome: { kind: 'output', output: toBase64Url(end.output) },
        })
    }
  }

  async function handBack(tokens: readonly LeaseToken[]): Promise<void> {
    stock.drop(tokens)
    publisher.publish()
    await giveBack(tokens, api, session)
    await stock.settled()
  }

  function state(): VolunteerState {
    const waiting = queued()
    const kept = phase.kind === 'paused' ? waiting.filter(({ checkpoint }) => checkpoint !== undefined) : []
    // After a reload nothing is granted yet, and what was begun shows all the same.
    const shown = isActive() || phase.kind === 'paused' ? Math.max(settings.cores, kept.length) : 0
    const nowMs = Date.now()
    return {
      phase,
      connection,
      ...(accountId === undefined ? {} : { accountId }),
      lanes: Array.from({ length: shown }, (_, at) =>
        laneState({ phase, connection, run: lanes.at(at), kept: kept[at], nowMs }),
      ),
      queued: waiting.length - kept.length,
      unreported: stock.unreported.length,
      session: { ...total },
    }
  }

  async function start(next: VolunteerSettings): Promise<void> {
    if (isActive()) return configure(next)
    settings = next
    unableLanes = 0
    enter({ kind: 'starting' })
    try {
      await keys.findOrCreate()
    } catch (error) {
      return enter({ kind: 'unable', reason: `This device cannot hold a key of its own: ${error}` })
    }
    if (!(await stock.takeUp(isActive))) return
    await kernels.keepOnly(new Set([...stock.held.values()].map(({ lease }) => lease.kernelDigest)))
    fill()
  }

  function configure(next: VolunteerSettings): void {
    const isFewer = next.cores < settings.cores
    settings = next
    lanes.setCpuPercent(next.cpuPercent)
    void lanes.pause(next.cores)
    if (isFewer && isActive()) void handBack(surplus(queued(), next.cores))
    fill()
    publisher.publish('now')
  }

  return {
    getState: state,
    subscribe: publisher.subscribe,
    async peek() {
      const isResting = () => phase.kind === 'stopped' || phase.kind === 'paused'
      if (!(await stock.takeUp(isResting))) return
      enter({ kind: stock.held.size > 0 ? 'paused' : 'stopped' })
      exchange.nudge()
    },
    start,
    configure,
    async pause() {
      if (!isActive()) return
      enter({ kind: 'paused' })
      await lanes.pause(0)
      await stock.settled()
      publisher.publish('now')
    },
    async stop() {
      lanes.abort()
      enter({ kind: 'stopped' })
      exchange.nudge()
      // Also what an earlier visit left and nobody has taken up yet.
      const left = (await stock.load()).held.map(({ lease }) => lease.lease)
      if (phase.kind === 'stopped') await handBack([...new Set([...stock.held.keys(), ...left])])
      publisher.publish('now')
    },
    reported: () => publisher.until(() => stock.unreported.length === 0),
    settled: stock.settled,
    retryNow: exchange.retryNow,
    sessionToken: async () => (await session.open()).token,
    hasAccount: async () => (await keys.find()) !== undefined,
    rerun: rerun.run,
    abortRerun: rerun.abort,
    close() {
      lanes.abort()
      rerun.abort()
      clearInterval(expiryTimer)
      exchange.close()
      session.close()
      pool.close()
      publisher.close()
    },
  }
}

import { expose } from 'comlink'
import { createApiClient } from '../../protocol/client.ts'
import { once } from '../../protocol/once.ts'
import type { VolunteerApi, VolunteerState } from '../../protocol/volunteer.ts'
import { createVolunteer } from '../volunteer.ts'
import { createBrowserStore } from './browser-store.ts'
import { openDatabase } from './database.ts'
import { createFrameRunners } from './frame-runners.ts'
import { createIndexedDbKey } from './indexed-db-key.ts'
import { readRunner } from './read-runner.ts'
import { createTabs, isWorking, type TabCommand, type Tabs } from './tabs.ts'
import { whyUnable } from './why-unable.ts'

// The entry of the page's one worker. Everything up to `expose` is synchronous: a message that comes while a module
// worker awaits something at its top is lost.

const frames = Promise.withResolvers<() => Promise<MessagePort>>()
const openOurDatabase = once(() => openDatabase('tidemill'))
const volunteer = createVolunteer({
  api: createApiClient(self.location.origin),
  keys: createIndexedDbKey(openOurDatabase),
  store: createBrowserStore(openOurDatabase),
  spawnRunner: createFrameRunners({ openFrame: async () => (await frames.promise)(), readSource: readRunner }),
})

const unableBecause = whyUnable()
const tabs: Tabs | undefined =
  unableBecause === undefined ? createTabs({ getState, onElsewhere, onCommand }) : undefined
const listeners = new Set<(state: VolunteerState) => void>()
let elsewhere: VolunteerState | undefined
/** Calls of {@link VolunteerApi.start} under way: this tab is about to compute, whatever its phase is. */
let starts = 0
const peeked = unableBecause === undefined ? volunteer.peek() : Promise.resolve()

function getState(): VolunteerState {
  const own = volunteer.getState()
  if (unableBecause !== undefined) return { ...own, phase: { kind: 'unable', reason: unableBecause } }
  return elsewhere ? { ...elsewhere, phase: { kind: 'elsewhere' } } : own
}

function tell(): void {
  const state = getState()
  for (const listener of listeners) listener(state)
}

function onElsewhere(state: VolunteerState | undefined): void {
  if (state) {
    elsewhere = state
    tell()
    return
  }
  // The computing tab is gone, or has let go: what it left is in the store.
  const last = elsewhere
  void volunteer.peek().then(() => {
    if (elsewhere === last) elsewhere = undefined
    tell()
  })
}

/** Lets other tabs compute once all that is held is in the store, unless this one computes again by then. */
async function release(): Promise<void> {
  await volunteer.settled()
  if (starts === 0 && !isWorking(volunteer.getState().phase)) tabs?.release()
}

function onCommand(command: TabCommand): void {
  if (command.kind === 'configure') volunteer.configure(command.settings)
  else void api[command.kind]()
}

const api: VolunteerApi = {
  async provideFrames(openFrame) {
    frames.resolve(openFrame)
  },
  async subscribe(listener) {
    await peeked
    listeners.add(listener)
    listener(getState())
  },
  async start(settings) {
    if (!tabs) return
    starts++
    try {
      await peeked
      if (!(await tabs.acquire())) return tabs.send({ kind: 'configure', settings })
      elsewhere = undefined
      await volunteer.start(settings)
    } finally {
      starts--
    }
    await release()
  },
  async configure(settings) {
    if (elsewhere) tabs?.send({ kind: 'configure', settings })
    else volunteer.configure(settings)
  },
  async pause() {
    if (elsewhere) return tabs?.send({ kind: 'pause' })
    await volunteer.pause()
    await release()
  },
  async stop() {
    if (elsewhere) return tabs?.send({ kind: 'stop' })
    await volunteer.stop()
    await release()
  },
  sessionToken: volunteer.sessionToken,
  hasAccount: volunteer.hasAccount,
  rerun: volunteer.rerun,
  abortRerun: async () => volunteer.abortRerun(),
}

volunteer.subscribe(state => {
  if (tabs?.isComputing()) tabs.send({ kind: 'state', state })
  if (!elsewhere) tell()
  if (state.phase.kind === 'unable') void release()
})
self.addEventListener('online', () => volunteer.retryNow())
expose(api)

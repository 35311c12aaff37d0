import type { VolunteerPhase, VolunteerSettings, VolunteerState } from '../../protocol/volunteer.ts'

const name = 'tidemill volunteer'
/** How long a tab that just let go may take: other tabs pass the lock on at once. */
const lockPatienceMs = 300

/** What a tab that shows asks of the tab that computes. */
export type TabCommand =
  | { readonly kind: 'configure'; readonly settings: VolunteerSettings }
  | { readonly kind: 'pause' }
  | { readonly kind: 'stop' }

/** What tabs of one browser tell each other. */
export type TabMessage =
  | { readonly kind: 'state'; readonly state: VolunteerState }
  /** A tab that was just opened wants the state. */
  | { readonly kind: 'hello' }
  | TabCommand

export interface TabsPorts {
  /** The computing tab's state, or undefined where no tab computes any more. */
  onElsewhere(state: VolunteerState | undefined): void
  /** Another tab asks this one, which computes. */
  onCommand(command: TabCommand): void
  /** What to tell a tab that was just opened. */
  getState(): VolunteerState
}

/** One tab of a browser computes; it holds a Web Lock, which ends with the tab, however it ends. */
export interface Tabs {
  /** @returns whether this tab may compute now; it may until {@link release} */
  acquire(): Promise<boolean>
  release(): void
  isComputing(): boolean
  send(message: TabMessage): void
}

export const isWorking = ({ kind }: VolunteerPhase): boolean => kind === 'starting' || kind === 'computing'

export function createTabs(ports: TabsPorts): Tabs {
  const channel = new BroadcastChannel(name)
  let letGo: (() => void) | undefined
  let isWaiting = false

  const send = (message: TabMessage) => channel.postMessage(message)

  /** Follows the computing tab until its lock is free. */
  async function follow(): Promise<void> {
    if (isWaiting || letGo) return
    isWaiting = true
    send({ kind: 'hello' })
    await navigator.locks.request(name, () => {
      isWaiting = false
    })
    ports.onElsewhere(undefined)
  }

  channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
    if (data.kind === 'state') {
      if (letGo || !isWorking(data.state.phase)) return
      ports.onElsewhere(data.state)
      void follow()
    } else if (letGo) {
      if (data.kind === 'hello') send({ kind: 'state', state: ports.getState() })
      else ports.onCommand(data)
    }
  })

  // Another tab may have been computing for long when this one opens.
  void navigator.locks.query().then(({ held }) => {
    if (!letGo && held?.some(lock => lock.name === name)) void follow()
  })

  return {
    send,
    isComputing: () => letGo !== undefined,
    async acquire() {
      if (letGo) return true
      const { promise: isMine, resolve } = Promise.withResolvers<boolean>()
      const patience = AbortSignal.timeout(lockPatienceMs)
      navigator.locks
        .request(name, { signal: patience }, () => {
          const { promise: held, resolve: release } = Promise.withResolvers<void>()
          letGo = release
          resolve(true)
          return held
        })
        .catch((error: unknown) => {
          if (!patience.aborted) throw error
          resolve(false)
          void follow()
        })
      return isMine
    },
    release() {
      letGo?.()
      letGo = undefined
    },
  }
}

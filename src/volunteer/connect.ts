import { proxy, type Remote, transfer, wrap } from 'comlink'
import { TidemillError } from '../../protocol/errors.ts'
import { once } from '../../protocol/once.ts'
import type { VolunteerApi, VolunteerState } from '../../protocol/volunteer.ts'

/** The conductor's script did not load or did not run. */
export class ConductorBrokenError extends TidemillError {
  override readonly name = 'ConductorBrokenError'
  constructor(detail: string) {
    super(`The worker that conducts the computing did not start: ${detail}`)
  }
}

/** What the page knows of the workers. `absent` until something asks for them: the first load stays light. */
export type VolunteerView =
  | { readonly kind: 'absent' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'present'; readonly state: VolunteerState }
  | { readonly kind: 'broken' }

const listeners = new Set<() => void>()
let view: VolunteerView = { kind: 'absent' }

export const getVolunteer = (): VolunteerView => view

export function subscribeVolunteer(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function show(next: VolunteerView): void {
  view = next
  for (const listener of listeners) listener()
}

function failureOf(worker: Worker): Promise<never> {
  return new Promise((_resolve, reject) => {
    worker.addEventListener(
      'error',
      event => reject(new ConductorBrokenError(event.message || 'it could not be loaded')),
      {
        once: true,
      },
    )
  })
}

/** Loaded with the first runner, not with the page. */
async function openFrame(): Promise<MessagePort> {
  const { openSandboxFrame } = await import('./sandbox-frame.ts')
  const port = await openSandboxFrame()
  return transfer(port, [port])
}

/**
 * Starts the conductor on the first call and gives the same one to every later call. Starting it computes nothing.
 *
 * @throws {ConductorBrokenError} where the worker cannot start; the next call tries again
 */
export const connectVolunteer: () => Promise<Remote<VolunteerApi>> = once(async () => {
  show({ kind: 'connecting' })
  const worker = new Worker(new URL('../../workers/browser/conductor.ts', import.meta.url), { type: 'module' })
  try {
    const remote = wrap<VolunteerApi>(worker)
    void remote.provideFrames(proxy(openFrame))
    const first = remote.subscribe(proxy(state => show({ kind: 'present', state })))
    await Promise.race([first, failureOf(worker)])
    return remote
  } catch (cause) {
    worker.terminate()
    show({ kind: 'broken' })
    throw cause
  }
})

import { TidemillError } from '../../protocol/errors.ts'

/** The frame in which kernels run could not be put into the page. */
class SandboxUnavailableError extends TidemillError {
  override readonly name = 'SandboxUnavailableError'
  constructor() {
    super('The sandbox in which programs run could not be loaded. Check the connection, and start again.')
  }
}

let frame: HTMLIFrameElement | undefined

/**
 * Puts the frame in which kernels run into the page, in place of an older one. It has an origin of its own, cannot be
 * seen, focused or heard, and may connect to nothing.
 *
 * @returns the way to its script
 */
export async function openSandboxFrame(): Promise<MessagePort> {
  frame?.remove()
  const fresh = document.createElement('iframe')
  frame = fresh
  fresh.setAttribute('sandbox', 'allow-scripts')
  fresh.setAttribute('aria-hidden', 'true')
  fresh.inert = true
  fresh.tabIndex = -1
  fresh.title = 'Sandbox'
  // Browsers slow down what is not displayed at all.
  Object.assign(fresh.style, {
    ...{ position: 'fixed', right: '0', bottom: '0', width: '1px', height: '1px' },
    ...{ border: '0', opacity: '0', pointerEvents: 'none' },
  })
  fresh.src = '/sandbox'
  const loaded = new Promise((resolve, reject) => {
    fresh.addEventListener('load', resolve, { once: true })
    fresh.addEventListener('error', () => reject(new SandboxUnavailableError()), { once: true })
  })
  document.body.append(fresh)
  await loaded
  const { port1, port2 } = new MessageChannel()
  // Its origin has no name that could be given here. Whoever else is loaded in it gets a port that nobody listens to.
  fresh.contentWindow?.postMessage(undefined, '*', [port2])
  return port1
}

import { createHash } from 'node:crypto'
import { Hono } from 'hono'

/**
 * Starts a worker for each runner that is asked for, and passes on the port that the runner talks through. Its messages
 * are in `workers/browser/frame-messages.ts`.
 */
const script = `
addEventListener('message', ({ source, ports: [port] }) => {
  if (source !== parent || !port) return
  const runners = new Map()
  let url
  const died = (id, reason) => port.postMessage({ kind: 'died', id, reason })
  port.onmessage = ({ data: { kind, id, text }, ports }) => {
    if (kind === 'ping') port.postMessage({ kind: 'alive' })
    else if (kind === 'source') url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
    else if (kind === 'terminate') {
      runners.get(id)?.terminate()
      runners.delete(id)
    } else if (kind === 'spawn') {
      try {
        const worker = new Worker(url)
        worker.onerror = ({ message }) => died(id, message || 'its script did not run')
        worker.postMessage(undefined, ports)
        runners.set(id, worker)
      } catch (error) {
        died(id, String(error))
      }
    }
  }
  port.postMessage({ kind: 'alive' })
})
`

const document = `<!doctype html><html lang="en"><title>Sandbox</title><script>${script}</script></html>`

const policy = [
  "default-src 'none'",
  // Kernels are compiled here, and runners come as blobs. Nothing else runs, and nothing is fetched from anywhere.
  `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' 'wasm-unsafe-eval' blob:`,
  'worker-src blob:',
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  // An origin of its own, also where somebody opens it without the frame.
  'sandbox allow-scripts',
].join('; ')

/** The frame in which the page runs programs of strangers. */
export function sandboxFrameRoutes(): Hono {
  const app = new Hono()
  app.get('/sandbox', c => {
    c.header('content-security-policy', policy)
    c.header('cache-control', 'no-cache')
    return c.html(document)
  })
  return app
}

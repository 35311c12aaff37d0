import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** What a process holds after a full garbage collection. Bytes. */
export interface MemoryUse {
  readonly residentBytes: number
  /** Objects, and the buffers that they hold outside of the heap. */
  readonly liveBytes: number
}

/** A port of loopback that nobody uses now. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/**
 * Reads the memory of a Node.js process that was started with `--inspect=127.0.0.1:<port>`, over the protocol of its
 * debugger: only there a collection can be asked for, and without one the heap says more of its collector than of what
 * the process holds.
 */
export async function inspectMemory(port: number): Promise<{ read(): Promise<MemoryUse>; close(): void }> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string
  }[]
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  let requests = 0

  async function ask(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    const id = ++requests
    const answer = Promise.withResolvers<{ result: unknown }>()
    const onMessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as { id?: number; result: unknown }
      if (message.id === id) answer.resolve(message)
    }
    const onClose = () => answer.reject(new Error('The inspected process has ended.'))
    socket.addEventListener('message', onMessage)
    socket.addEventListener('close', onClose)
    try {
      socket.send(JSON.stringify({ id, method, params }))
      return (await answer.promise).result
    } finally {
      socket.removeEventListener('message', onMessage)
      socket.removeEventListener('close', onClose)
    }
  }

  return {
    async read() {
      await ask('HeapProfiler.collectGarbage')
      const { result } = (await ask('Runtime.evaluate', {
        expression: 'process.memoryUsage()',
        returnByValue: true,
      })) as { result: { value: NodeJS.MemoryUsage } }
      const { rss, heapUsed, external } = result.value
      return { residentBytes: rss, liveBytes: heapUsed + external }
    },
    close: () => socket.close(),
  }
}

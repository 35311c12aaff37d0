import type { FromRunner, RunnerPort } from '../runner-messages.ts'
import type { FromFrame, ToFrame } from './frame-messages.ts'

/** A frame that says nothing for so long is gone: sooner than its runners would seem to be stalled. */
const silentSeconds = 7

export interface FramePorts {
  /** Puts a new frame into the page, in place of an older one. */
  openFrame(): Promise<MessagePort>
  /** The script of a runner, in one piece. */
  readSource(): Promise<string>
}

interface Frame {
  spawn(id: number, port: MessagePort, onDeath: (error: Error) => void): void
  terminate(id: number): void
}

/**
 * Starts runners in workers of a frame that has an origin of its own and no connection. The frame is opened with the first
 * runner; where it dies, all its runners do, and the next runner gets a new one.
 */
export function createFrameRunners({ openFrame, readSource }: FramePorts): () => RunnerPort {
  let current: Promise<Frame> | undefined
  let nextId = 0

  async function open(forget: () => void): Promise<Frame> {
    // What is asked for together is awaited together: the frame opens while the source is fetched.
    const [port, text] = await Promise.all([openFrame(), readSource()])
    const deaths = new Map<number, (error: Error) => void>()
    const isUp = Promise.withResolvers<void>()
    // Ticks, not a clock: a page that was frozen has not been silent.
    let silentTicks = 0
    const watch = setInterval(() => {
      silentTicks++
      if (silentTicks > silentSeconds) die()
      else tell({ kind: 'ping' })
    }, 1000)
    const tell = (message: ToFrame, transfer: Transferable[] = []) => port.postMessage(message, transfer)

    function die(): void {
      const error = new Error('the sandbox in this page does not answer')
      clearInterval(watch)
      forget()
      port.close()
      isUp.reject(error)
      for (const onDeath of [...deaths.values()]) onDeath(error)
    }

    port.addEventListener('message', ({ data }: MessageEvent<FromFrame>) => {
      silentTicks = 0
      if (data.kind === 'alive') isUp.resolve()
      else deaths.get(data.id)?.(new Error(data.reason))
    })
    // Where the browser tells it, the end of a frame shows at once.
    port.addEventListener('close', die)
    port.start()
    tell({ kind: 'source', text })
    await isUp.promise
    return {
      spawn(id, runner, onDeath) {
        deaths.set(id, onDeath)
        tell({ kind: 'spawn', id }, [runner])
      },
      terminate(id) {
        deaths.delete(id)
        tell({ kind: 'terminate', id })
      },
    }
  }

  function frame(): Promise<Frame> {
    if (current) return current
    const forget = () => {
      if (current === opening) current = undefined
    }
    const opening = open(forget)
    opening.catch(forget)
    current = opening
    return opening
  }

  return () => {
    const id = nextId++
    const { port1: port, port2: far } = new MessageChannel()
    let isTerminated = false
    let die: (error: Error) => void = () => {}
    const opened = frame()
    opened.then(
      ({ spawn }) => {
        if (!isTerminated) spawn(id, far, error => die(error))
      },
      (error: unknown) => die(error instanceof Error ? error : new Error(String(error))),
    )
    return {
      post: message => port.postMessage(message),
      listen(onMessage, onDeath) {
        die = onDeath
        port.addEventListener('message', (event: MessageEvent<FromRunner>) => onMessage(event.data))
        port.start()
      },
      terminate() {
        isTerminated = true
        die = () => {}
        port.close()
        opened.then(
          ({ terminate }) => terminate(id),
          () => {},
        )
      },
    }
  }
}

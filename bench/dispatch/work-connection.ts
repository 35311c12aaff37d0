import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { workMediaType } from '../../protocol/work-codec.ts'

/** One answer to `POST /api/work`. */
export interface ReceivedAnswer {
  readonly status: number
  /** A view of a buffer that all connections receive into: to be read before the next one answers. */
  readonly body: Uint8Array
  /** Of the whole answer on the wire. */
  readonly bytes: number
}

/**
 * One device's keep-alive connection, that carries one request at a time: as little as HTTP allows, so that the load
 * generator leaves the cores to what it measures.
 */
export interface WorkConnection {
  /** Connects, so that the first request need not; later, where the server has let it go, {@link send} does. */
  connect(): Promise<void>
  /** From now on, requests carry this session token. */
  authorize(token: string): void
  /** @returns how many bytes the request has on the wire */
  send(body: Uint8Array): number
}

/** An answer comes in one piece, unless the kernel cuts it; then its pieces are put together in a buffer of their own. */
const received = Buffer.alloc(64 << 10)
const headEnd = Buffer.from('\r\n\r\n')

/** @returns undefined where there is more to come */
function parseAnswer(bytes: Buffer): ReceivedAnswer | undefined {
  const end = bytes.indexOf(headEnd)
  if (end === -1) return undefined
  const head = bytes.toString('latin1', 0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`Expected an answer of a known length, got: ${head}`)
  const total = end + headEnd.length + Number(length)
  if (bytes.length < total) return undefined
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(end + headEnd.length, total), bytes: total }
}

export function openWorkConnection(
  url: URL,
  {
    onAnswer,
    onError,
  }: {
    readonly onAnswer: (answer: ReceivedAnswer) => void
    readonly onError: (error: Error) => void
  },
): WorkConnection {
  let head = ''
  let socket: Socket | undefined
  let pieces: Buffer | undefined
  let underWay: { readonly request: Buffer; readonly isRepeated: boolean } | undefined

  function receive(size: number): boolean {
    const piece = received.subarray(0, size)
    const bytes = pieces === undefined ? piece : Buffer.concat([pieces, piece])
    try {
      const answer = parseAnswer(bytes)
      // What was received is overwritten by the next connection's answer.
      pieces = answer === undefined ? Buffer.from(bytes) : undefined
      if (answer === undefined) return true
      underWay = undefined
      onAnswer(answer)
    } catch (error) {
      onError(error as Error)
    }
    return true
  }

  function open(): Socket {
    const onread = { buffer: received, callback: receive }
    const opened = connect({ host: url.hostname, port: Number(url.port), noDelay: true, onread })
    opened.once('error', onError)
    opened.once('close', () => {
      socket = undefined
      pieces = undefined
      if (underWay === undefined) return
      // It may have been let go in the moment in which it was used again; a request may be repeated.
      if (underWay.isRepeated) onError(new Error(`The server at ${url.origin} closed a connection.`))
      else write(underWay.request, true)
    })
    return opened
  }

  function write(request: Buffer, isRepeated: boolean): void {
    underWay = { request, isRepeated }
    socket ??= open()
    socket.write(request)
  }

  return {
    async connect() {
      socket ??= open()
      await once(socket, 'connect')
    },
    authorize(token) {
      head =
        `POST /api/work HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${token}\r\n` +
        `content-type: ${workMediaType}\r\ncontent-length: `
    },
    send(body) {
      const headText = `${head}${body.length}\r\n\r\n`
      const request = Buffer.allocUnsafe(headText.length + body.length)
      request.write(headText, 'latin1')
      request.set(body, headText.length)
      write(request, false)
      return request.length
    },
  }
}

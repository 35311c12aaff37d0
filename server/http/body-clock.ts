import type { IncomingMessage, ServerResponse } from 'node:http'

/** How long a body may take. */
export type BodyPace =
  /** To its end, from when its headers are here. */
  | { readonly kind: 'whole'; readonly ms: number }
  /** It may take for ever, but in each `ms` so many bytes must come. */
  | { readonly kind: 'flowing'; readonly ms: number; readonly bytes: number }

const timedOut = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n'

/** Sends a client away whose body comes too slowly: it would hold its place for ever. */
export function watchBody(incoming: IncomingMessage, outgoing: ServerResponse, pace: BodyPace): void {
  const { socket, headers } = incoming
  if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return
  let seen = socket.bytesRead

  function check(): void {
    if (incoming.complete) return
    // Bytes that wait here wait for us, not for the client.
    const flows = pace.kind === 'flowing' && (socket.bytesRead - seen >= pace.bytes || incoming.readableLength > 0)
    if (flows) {
      seen = socket.bytesRead
      timer = setTimeout(check, pace.ms)
      return
    }
    if (!outgoing.headersSent && socket.writable) socket.write(timedOut)
    socket.destroySoon()
  }

  let timer = setTimeout(check, pace.ms)
  incoming.once('close', () => clearTimeout(timer))
}

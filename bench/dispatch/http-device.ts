import { connect, type Socket } from 'node:net'

/**
 * One keep-alive connection that sends a JSON request and waits for its answer: as little as HTTP allows, so that the
 * load generator leaves the cores to what it measures.
 */
export interface HttpDevice {
  post(path: string, token: string, body: string): Promise<{ status: number; body: string; bytes: number }>
  close(): void
}

export function openHttpDevice(url: URL): Promise<HttpDevice> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    let received = ''
    let answered: ((answer: { status: number; body: string; bytes: number }) => void) | undefined
    let failed: ((error: Error) => void) | undefined

    // Answers are ASCII (base64url, digits), so that characters are bytes.
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      received += text
      const headEnd = received.indexOf('\r\n\r\n')
      if (headEnd === -1) return
      const length = Number(/content-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1] ?? 0)
      const bytes = headEnd + 4 + length
      if (received.length < bytes) return
      const answer = { status: Number(received.slice(9, 12)), body: received.slice(headEnd + 4, bytes), bytes }
      received = received.slice(bytes)
      answered?.(answer)
    })
    const fail = (error: Error) => {
      failed?.(error)
      reject(error)
    }
    socket.once('error', fail)
    socket.once('close', () => fail(new Error('The server closed the connection.')))
    socket.once('connect', () =>
      resolve({
        post(path, token, body) {
          socket.write(
            `POST ${path} HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer ${token}\r\n` +
              `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
          )
          return new Promise((settle, refuse) => {
            answered = settle
            failed = refuse
          })
        },
        close() {
          socket.removeAllListeners('close')
          socket.destroy()
        },
      }),
    )
  })
}

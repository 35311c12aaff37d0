import type { IncomingMessage } from 'node:http'
import { PayloadTooLargeError } from '../errors.ts'

/**
 * Reads a body of at most `capBytes`. A length that is given is judged before anything is read; where none is, the
 * bytes are counted as they come.
 *
 * @returns `gone` where the client went before the end
 * @throws {PayloadTooLargeError}
 */
export async function readBody(request: IncomingMessage, capBytes: number): Promise<Buffer | 'gone'> {
  // Node's parser keeps to a length that is given.
  if (Number(request.headers['content-length'] ?? 0) > capBytes) throw new PayloadTooLargeError(capBytes)
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | 'gone'>()
  const chunks: Buffer[] = []
  let length = 0
  function onData(chunk: Buffer): void {
    length += chunk.length
    if (length <= capBytes) return void chunks.push(chunk)
    request.off('data', onData)
    chunks.length = 0
    reject(new PayloadTooLargeError(capBytes))
  }
  request.on('data', onData)
  request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
  // After a whole body this comes too, and changes nothing.
  request.on('close', () => resolve('gone'))
  request.on('error', () => resolve('gone'))
  return promise
}

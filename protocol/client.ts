import type * as z from 'zod/mini'
import { Problem, RefusedError, UnreachableError } from './errors.ts'

/** A connection that died unnoticed would otherwise hold its request for ever. */
const requestTimeoutMs = 60_000

export interface RequestOptions {
  readonly token?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** How long the answer, with its body, may take; unset: a minute. */
  readonly timeoutMs?: number | undefined
}

/** The wire as seen from a device or a page: one method per verb, each answer through its schema. */
export interface ApiClient {
  get<T>(path: string, schema: z.ZodMiniType<T>, options?: RequestOptions): Promise<T>
  post<T>(path: string, body: unknown, schema: z.ZodMiniType<T>, options?: RequestOptions): Promise<T>
  /** Posts bytes. */
  postBytes<T>(
    path: string,
    bytes: Uint8Array<ArrayBuffer>,
    schema: z.ZodMiniType<T>,
    options?: RequestOptions,
  ): Promise<T>
  /** Posts bytes and reads bytes. What `read` throws says that the answer was none of ours. */
  send<T>(
    path: string,
    body: {
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly mediaType: string
      readonly read: (answer: Uint8Array<ArrayBuffer>) => T
    },
    options?: RequestOptions,
  ): Promise<T>
  /** @returns the bytes, unparsed */
  getBytes(path: string, options?: RequestOptions): Promise<Uint8Array<ArrayBuffer>>
  /** The server's clock in epoch milliseconds, as its last answer told it: a device's own may be hours off. */
  now(): number
}

/**
 * Speaks to one Tidemill server.
 *
 * @throws {RefusedError} where the server refused, with its problem
 * @throws {UnreachableError} where no answer came, or none of ours
 */
export function createApiClient(baseUrl: string): ApiClient {
  let clockOffsetMs = 0

  /**
   * Reads the clock of an answer as it comes in, to be set only once the answer has proved to be the server's. The
   * `Date` header has whole seconds, so a smaller difference says nothing.
   *
   * @returns what sets it
   */
  function readClock(response: Response): () => void {
    const offsetMs = Date.parse(response.headers.get('date') ?? '') - Date.now()
    return () => {
      if (!Number.isNaN(offsetMs)) clockOffsetMs = Math.abs(offsetMs) > 2000 ? offsetMs : 0
    }
  }

  async function request<T>(
    path: string,
    init: RequestInit,
    { token, signal, timeoutMs = requestTimeoutMs }: RequestOptions = {},
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const url = baseUrl + path
    const headers = new Headers(init.headers)
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
    const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
    const response = await fetch(url, { ...init, headers, signal: limit }).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw new UnreachableError(url, { cause })
    })
    // Only a POST is surely answered now; a GET may come from a cache, with the time of long ago.
    const setClock = init.method === 'POST' ? readClock(response) : () => {}
    if (response.ok) {
      const answer = await read(response)
      setClock()
      return answer
    }
    const problem = Problem.safeParse(await response.json().catch(() => undefined))
    if (!problem.success) throw new UnreachableError(url, { cause: new Error(`status ${response.status}`) })
    setClock()
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
    throw new RefusedError(problem.data, Number.isFinite(retryAfter) ? retryAfter : undefined)
  }

  const readBytes = async (response: Response) => new Uint8Array(await response.arrayBuffer())

  /** An answer that cannot be read as ours is not ours: a captive portal, a proxy, another server. */
  const readAs =
    <T>(read: (response: Response) => Promise<T>, signal?: AbortSignal) =>
    async (response: Response): Promise<T> => {
      try {
        return await read(response)
      } catch (cause) {
        signal?.throwIfAborted()
        throw new UnreachableError(response.url, { cause })
      }
    }

  const readJson = <T>(schema: z.ZodMiniType<T>, { signal }: RequestOptions = {}) =>
    readAs(async response => schema.parse(response.status === 204 ? undefined : await response.json()), signal)

  return {
    now: () => Date.now() + clockOffsetMs,
    async get(path, schema, options) {
      return request(path, {}, options, readJson(schema, options))
    },
    async post(path, body, schema, options) {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      return request(path, init, options, readJson(schema, options))
    },
    async postBytes(path, bytes, schema, options) {
      const init = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: bytes }
      return request(path, init, options, readJson(schema, options))
    },
    async send(path, { bytes, mediaType, read }, options) {
      const init = { method: 'POST', headers: { 'content-type': mediaType }, body: bytes }
      const readAnswer = readAs(async response => read(await readBytes(response)), options?.signal)
      return request(path, init, options, readAnswer)
    },
    async getBytes(path, options) {
      return request(path, {}, options, readAs(readBytes, options?.signal))
    },
  }
}

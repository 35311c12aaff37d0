import type { IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod/mini'
import { BlobJoin, MissingBlobs, MissingBlobsQuestion, StoredBlob } from '../../protocol/blobs.ts'
import { Digest } from '../../protocol/digest.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import { quotas } from '../domain/quotas.ts'
import { NotFoundError, PostingClosedError, UnsatisfiableRangeError } from '../errors.ts'
import { parseRange } from './parse-range.ts'
import { nodeRequest } from './requests.ts'
import { authenticate, documented, limitBody, parse } from './route.ts'
import type { Services } from './services.ts'

const tag = 'Blobs'
const params = z.object({ sha256: Digest })

const refusals: readonly ErrorCode[] = [
  'InvalidRequestError',
  'PostingClosedError',
  'QuotaExceededError',
  'BlobTooLargeError',
  'DigestMismatchError',
  'TooManyRequestsError',
  'OverloadedError',
  'StorageFullError',
  'StorageUnavailableError',
]

/** Refuses those who would post where the operator takes no jobs. @throws {PostingClosedError} */
export const requirePosting = ({ sponsoredJobs }: Pick<Services, 'sponsoredJobs'>) =>
  createMiddleware(async (_, next) => {
    if (!sponsoredJobs) throw new PostingClosedError()
    await next()
  })

/** A refused body must not end the connection on which its refusal goes out. */
const bodyOf = (incoming: IncomingMessage) => ({
  length: incoming.headers['content-length'] === undefined ? undefined : Number(incoming.headers['content-length']),
  source: incoming.iterator({ destroyOnReturn: false }),
})

export function blobRoutes(services: Services) {
  const { blobs, uploads, sessions } = services
  return new Hono()
    .post(
      '/blobs',
      documented({
        tag,
        summary: 'Store a blob; what is here already is not read',
        body: { mediaType: 'application/octet-stream', description: 'Its bytes' },
        answer: { schema: StoredBlob },
        needsSession: true,
        refusals,
      }),
      authenticate(sessions),
      requirePosting(services),
      parse('query', params),
      async c => {
        const { incoming } = nodeRequest(c)
        if (incoming === undefined) throw new TypeError('A blob comes through a server.')
        const body = bodyOf(incoming as IncomingMessage)
        return c.json(await uploads.store(c.get('session').accountId, c.req.valid('query').sha256, body))
      },
    )
    .post(
      '/blobs/missing',
      documented({
        tag,
        summary: 'Which blobs this account has to send; the others are kept for another day',
        answer: { schema: MissingBlobs },
        needsSession: true,
        refusals: ['InvalidRequestError', 'PayloadTooLargeError', 'PostingClosedError', 'StorageUnavailableError'],
      }),
      authenticate(sessions),
      requirePosting(services),
      limitBody(quotas.digestsBodyBytes),
      parse('json', MissingBlobsQuestion),
      async c => c.json({ missing: await uploads.missing(c.get('session').accountId, c.req.valid('json').digests) }),
    )
    .post(
      '/blobs/join',
      documented({
        tag,
        summary: 'Make one blob of parts, in their order, and let the parts go',
        answer: { schema: StoredBlob },
        needsSession: true,
        refusals: [...refusals, 'PayloadTooLargeError', 'NotFoundError'],
      }),
      authenticate(sessions),
      requirePosting(services),
      limitBody(quotas.digestsBodyBytes),
      parse('json', BlobJoin),
      async c => c.json(await uploads.join(c.get('session').accountId, c.req.valid('json'))),
    )
    .get(
      '/blobs/:sha256',
      documented({
        tag,
        summary: 'Bytes by their SHA-256: kernels and files; one range of them, where `Range` asks for it',
        answer: { mediaType: 'application/octet-stream', description: 'The bytes' },
        refusals: ['InvalidRequestError', 'NotFoundError', 'UnsatisfiableRangeError'],
      }),
      parse('param', params),
      async c => {
        const { sha256 } = c.req.valid('param')
        const bytes = await blobs.size(sha256)
        if (bytes === undefined) throw new NotFoundError(`No blob has the SHA-256 ${sha256}.`)
        const etag = `"${sha256}"`
        const isSame = (c.req.header('if-range') ?? etag) === etag
        const asked = parseRange(isSame ? c.req.header('range') : undefined, bytes)
        if (asked.kind === 'unsatisfiable') {
          c.header('content-range', `bytes */${bytes}`)
          throw new UnsatisfiableRangeError(bytes)
        }
        const range = asked.kind === 'part' ? asked.range : { from: 0, to: bytes }
        const headers = {
          'content-type': 'application/octet-stream',
          'content-length': `${range.to - range.from}`,
          'content-disposition': `attachment; filename="${sha256}"`,
          'accept-ranges': 'bytes',
          // The name is the content: it can never change.
          'cache-control': 'public, max-age=31536000, immutable',
          etag,
          ...(asked.kind === 'part' && { 'content-range': `bytes ${range.from}-${range.to - 1}/${bytes}` }),
        }
        const status = asked.kind === 'part' ? 206 : 200
        if (c.req.method === 'HEAD') return c.body(null, status, headers)
        const read = await blobs.read(sha256, range)
        if (read === undefined) throw new NotFoundError(`No blob has the SHA-256 ${sha256}.`)
        return c.body(ReadableStream.from(read), status, headers)
      },
    )
}

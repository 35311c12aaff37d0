import { Hono } from 'hono'
import * as z from 'zod/mini'
import { Digest } from '../../protocol/digest.ts'
import { NotFoundError } from '../errors.ts'
import { documented, parse } from './route.ts'
import type { Services } from './services.ts'

export const blobRoutes = ({ blobs }: Services) =>
  new Hono().get(
    '/blobs/:sha256',
    documented({
      tag: 'Blobs',
      summary: 'Bytes by their SHA-256: kernels and files',
      answer: { mediaType: 'application/octet-stream', description: 'The bytes' },
      refusals: ['InvalidRequestError', 'NotFoundError'],
    }),
    parse('param', z.object({ sha256: Digest })),
    async c => {
      const { sha256 } = c.req.valid('param')
      const bytes = await blobs.get(sha256)
      if (bytes === undefined) throw new NotFoundError(`No blob has the SHA-256 ${sha256}.`)
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${sha256}"`,
        // The name is the content: it can never change.
        'cache-control': 'public, max-age=31536000, immutable',
        etag: `"${sha256}"`,
      })
    },
  )

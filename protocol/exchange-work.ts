import type { ApiClient, RequestOptions } from './client.ts'
import { type WorkRequest, WorkResponse } from './work.ts'
import { decodeWorkResponse, encodeWorkRequest, workMediaType } from './work-codec.ts'

/** `POST /api/work`, whose bodies are bytes. Apart from the client, as a page that only reads has no use for it. */
export const exchangeWork = (api: ApiClient, work: WorkRequest, options?: RequestOptions): Promise<WorkResponse> =>
  api.send(
    '/api/work',
    {
      bytes: encodeWorkRequest(work),
      mediaType: workMediaType,
      read: bytes => WorkResponse.parse(decodeWorkResponse(bytes)),
    },
    options,
  )

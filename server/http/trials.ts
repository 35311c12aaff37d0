import { Hono } from 'hono'
import * as z from 'zod/mini'
import { NewTrial, Trial, TrialId } from '../../protocol/posting.ts'
import { quotas } from '../domain/quotas.ts'
import { requirePosting } from './blobs.ts'
import { authenticate, documented, limitBody, parse } from './route.ts'
import type { Services } from './services.ts'

const tag = 'Posting'

export const trialRoutes = (services: Services) => {
  const { sessions, trials } = services
  return new Hono()
    .post(
      '/trials',
      documented({
        tag,
        summary: 'Begin to check a program: a few of its tasks run in the server’s sandbox, each twice',
        answer: { schema: Trial },
        needsSession: true,
        refusals: ['InvalidRequestError', 'PayloadTooLargeError', 'PostingClosedError', 'TooManyRequestsError'],
      }),
      authenticate(sessions),
      requirePosting(services),
      limitBody(quotas.postingBodyBytes),
      parse('json', NewTrial),
      async c => c.json(await trials.begin(c.get('session'), c.req.valid('json'))),
    )
    .get(
      '/trials/:id',
      documented({
        tag,
        summary: 'How a check of yours stands',
        answer: { schema: Trial },
        needsSession: true,
        refusals: ['InvalidRequestError', 'NotFoundError'],
      }),
      authenticate(sessions),
      parse('param', z.object({ id: TrialId })),
      async c => {
        c.header('cache-control', 'no-store')
        return c.json(await trials.get(c.get('session'), c.req.valid('param').id))
      },
    )
}

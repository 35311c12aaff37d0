import { Hono } from 'hono'
import * as z from 'zod/mini'
import { JobId } from '../../protocol/ids.ts'
import { NewJob, PostedJob, Posting } from '../../protocol/posting.ts'
import { readStoredBytes } from '../db/blobs.ts'
import { listPostedJobs, readPostedTotals } from '../db/post-job.ts'
import { quotas } from '../domain/quotas.ts'
import { jobMoves } from '../posting/job-control.ts'
import { toPosting } from '../views.ts'
import { requirePosting } from './blobs.ts'
import { authenticate, documented, limitBody, parse } from './route.ts'
import type { Services } from './services.ts'

const tag = 'Posting'
const params = z.object({ id: JobId })
/** By who has no account yet. */
const nothingPosted = { totals: { openJobs: 0, budgets: 0n }, blobBytes: 0n, jobs: [] } as const

const summaries = {
  pause: 'Hand out no more tasks of a job of yours for now',
  resume: 'Go on with it',
  cancel: 'End it: its leases end, what is accepted stays, the rest is never computed',
} as const

export function postingRoutes(services: Services) {
  const { sessions, database, posting, jobControl, sponsoredJobs } = services
  const app = new Hono()
    .get(
      '/posting',
      documented({
        tag,
        summary: 'What your account may post, and what it has posted; without a session, what a newcomer may post',
        answer: { schema: Posting },
        refusals: ['UnauthorizedError'],
      }),
      async c => {
        c.header('cache-control', 'no-store')
        const authorization = c.req.header('authorization')
        if (authorization === undefined) return c.json(toPosting({ isOpen: sponsoredJobs, ...nothingPosted }))
        const { accountId } = sessions.require(authorization)
        const [totals, blobBytes, jobs] = await Promise.all([
          readPostedTotals(database, accountId),
          readStoredBytes(database, accountId),
          listPostedJobs(database, accountId),
        ])
        return c.json(toPosting({ isOpen: sponsoredJobs, totals, blobBytes, jobs }))
      },
    )
    .post(
      '/jobs',
      documented({
        tag,
        summary: 'Make a job of a check that passed. The same check again gives the same job',
        answer: { schema: PostedJob },
        needsSession: true,
        refusals: [
          'InvalidRequestError',
          'PayloadTooLargeError',
          'NotFoundError',
          'PostingClosedError',
          'JobStateError',
          'QuotaExceededError',
          'TooManyRequestsError',
        ],
      }),
      authenticate(sessions),
      requirePosting(services),
      limitBody(quotas.bodyBytes),
      parse('json', NewJob),
      async c => c.json({ id: await posting.post(c.get('session'), c.req.valid('json')) }),
    )
    .post(
      '/jobs/:id/rerun',
      documented({
        tag,
        summary: 'Post a job of the failed and disputed tasks of a job of yours that is over',
        answer: { schema: PostedJob },
        needsSession: true,
        refusals: ['InvalidRequestError', 'NotFoundError', 'NotYoursError', 'JobStateError', 'QuotaExceededError'],
      }),
      authenticate(sessions),
      requirePosting(services),
      parse('param', params),
      async c => c.json({ id: await jobControl.rerun(c.get('session'), c.req.valid('param').id) }),
    )

  for (const move of jobMoves)
    app.post(
      `/jobs/:id/${move}`,
      documented({
        tag,
        summary: summaries[move],
        needsSession: true,
        refusals: ['InvalidRequestError', 'NotFoundError', 'NotYoursError', 'JobStateError'],
      }),
      authenticate(sessions),
      parse('param', params),
      async c => {
        await jobControl.move(c.get('session'), c.req.valid('param').id, move)
        return c.body(null, 204)
      },
    )
  return app
}

import { Hono } from 'hono'
import * as z from 'zod/mini'
import { LeaseToken } from '../../protocol/ids.ts'
import { WorkRequest, WorkResponse, workLimits } from '../../protocol/work.ts'
import { quotas } from '../domain/quotas.ts'
import { authenticate, documented, limitBody, parse, shedLoad } from './route.ts'
import type { Services } from './services.ts'

export const workRoutes = ({ sessions, work, devicesSeen }: Services) =>
  new Hono()
    .post(
      '/work',
      documented({
        tag: 'Work',
        summary: 'Report finished work and lease new work, in one request that may be repeated',
        needsSession: true,
        answer: { schema: WorkResponse },
        refusals: [
          'InvalidRequestError',
          'ForgedLeaseError',
          'LeaseLostError',
          'OutputTooLargeError',
          'PayloadTooLargeError',
          'OverloadedError',
        ],
      }),
      shedLoad(quotas.workRequests),
      authenticate(sessions),
      limitBody(workLimits.bodyBytes),
      parse('json', WorkRequest),
      async c => {
        devicesSeen.add(c.var.session.deviceId)
        return c.json(await work.exchange(c.var.session, c.req.valid('json')))
      },
    )
    .post(
      '/leases/:id/return',
      documented({
        tag: 'Work',
        summary: 'Give a lease back, so that its task is free for another device',
        needsSession: true,
        refusals: ['InvalidRequestError', 'ForgedLeaseError'],
      }),
      authenticate(sessions),
      limitBody(quotas.bodyBytes),
      parse('param', z.object({ id: LeaseToken })),
      async c => {
        await work.giveBack(c.var.session, c.req.valid('param').id)
        return c.body(null, 204)
      },
    )

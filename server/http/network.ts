import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type Network, Stats } from '../../protocol/network.ts'
import { listJobProgress, listJobs } from '../db/jobs.ts'
import { readActivity, readNetwork } from '../db/read-network.ts'
import { quotas } from '../domain/quotas.ts'
import { TooManyRequestsError } from '../errors.ts'
import { toNetwork } from '../views.ts'
import { documented } from './route.ts'
import type { Services } from './services.ts'

/** A proxy drops a connection that says nothing for long. */
const keepAliveMs = 15_000

export const readNetworkTotals = async ({ database, now }: Pick<Services, 'database' | 'now'>): Promise<Network> =>
  toNetwork(await readNetwork(database, new Date(now())), await listJobs(database), await listJobProgress(database))

export const networkRoutes = (services: Services) =>
  new Hono()
    .get(
      '/stats',
      documented({ tag: 'Network', summary: 'Totals, and the last hour by the minute', answer: { schema: Stats } }),
      async c => {
        const activity = await readActivity(services.database, new Date(services.now()))
        const perMinute = activity.map(({ minute, ...counts }) => ({ minute: minute.toISOString(), ...counts }))
        return c.json({ ...(await readNetworkTotals(services)), perMinute })
      },
    )
    .get(
      '/events',
      documented({
        tag: 'Network',
        summary: 'Server-sent events: `network`, the totals, at most once a second when they change',
        answer: { mediaType: 'text/event-stream', description: 'Never ends' },
        refusals: ['TooManyRequestsError'],
      }),
      c => {
        if (services.feed.watching >= quotas.eventStreams)
          throw new TooManyRequestsError('Too many open event streams. GET /api/stats has the same totals.')
        return streamSSE(c, async events => {
          let sent = ''
          const unwatch = services.feed.watch(network => {
            const data = JSON.stringify(network)
            if (data === sent) return
            sent = data
            void events.writeSSE({ event: 'network', data })
          })
          events.onAbort(unwatch)
          while (!events.aborted) {
            await events.sleep(keepAliveMs)
            await events.write(': still here\n\n')
          }
        })
      },
    )

import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { type Network, Stats } from '../../protocol/network.ts'
import { listJobProgress, listTaskCounts } from '../db/jobs.ts'
import { readActivity, readNetwork } from '../db/read-network.ts'
import { quotas } from '../domain/quotas.ts'
import { TooManyRequestsError } from '../errors.ts'
import { toNetwork } from '../views.ts'
import { documented } from './route.ts'
import type { Services } from './services.ts'

/** A proxy drops a connection that says nothing for long. */
const keepAliveMs = 15_000

/** @returns false where nobody called what `arm` was given within the time */
function woken(withinMs: number, arm: (wake: () => void) => void): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), withinMs)
  arm(() => resolve(true))
  return promise.finally(() => clearTimeout(timer))
}

export const readNetworkTotals = async ({ database, now }: Pick<Services, 'database' | 'now'>): Promise<Network> =>
  toNetwork(
    await readNetwork(database, new Date(now())),
    await listTaskCounts(database),
    await listJobProgress(database),
  )

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
        // Without a body there is nothing to watch for, and nothing would tell when it ends.
        if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
        return streamSSE(c, async events => {
          let latest = ''
          let wake = () => {}
          const unwatch = services.feed.watch(
            network => {
              latest = JSON.stringify(network)
              wake()
            },
            () => events.abort(),
          )
          events.onAbort(() => wake())
          try {
            // One write at a time: a reader that is slow misses readings, and never makes them queue up.
            for (let sent = ''; !events.aborted; ) {
              const isNews = latest !== sent
              sent = latest
              if (isNews) await events.writeSSE({ event: 'network', data: sent })
              else if (!(await woken(keepAliveMs, set => (wake = set)))) await events.write(': still here\n\n')
            }
          } finally {
            unwatch()
          }
        })
      },
    )

import { Hono } from 'hono'
import { Health } from '../../protocol/network.ts'
import { version } from '../version.ts'
import { documented } from './route.ts'
import type { Services } from './services.ts'

export const healthRoutes = ({ health: serverHealth }: Services) =>
  new Hono().get(
    '/health',
    documented({
      tag: 'Operation',
      summary: 'What works, and what is wrong; 503 where work stands',
      answer: { schema: Health },
    }),
    async c => {
      const checks = await serverHealth.read()
      const isWell = checks.every(({ ok }) => ok)
      const health: Health = { status: isWell ? 'ok' : 'unavailable', version, checks }
      c.header('cache-control', 'no-store')
      return c.json(health, isWell ? 200 : 503)
    },
  )
